"""A network that does not learn, by parts of the batch: each thread takes its clouds through all layers.

Layer by layer torch shares one after the other among its threads, which spin for milliseconds after each, on
the cores that compiled work needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

from apsnet_core.networks.hooks import has_hooks
from apsnet_core.ops.linear import is_traced
from apsnet_core.ops.threads import share, thread_count
from apsnet_core.types import Foreign

Item = TypeVar("Item")


def in_parts(net: nn.Module, answer: Callable[[Tensor], Tensor], points: Tensor) -> Tensor:
    """``answer(points)`` of a ``net`` that answers for each cloud alone, (B, N, I) -> (B, ...).

    At once where the net learns, is not on a CPU, or there is one thread, and where hooks look in on it.
    """
    if not _can_part(net, points):
        return answer(points)
    if torch.is_grad_enabled() and points.requires_grad:
        return _InParts.apply(points, answer)  # type: ignore[no-untyped-call, no-any-return]
    return torch.cat(_each(answer, _parts(points)))


class _InParts(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Foreign, points: Tensor, answer: Callable[[Tensor], Tensor]) -> Tensor:
        ctx.save_for_backward(points)
        ctx.answer = answer
        ctx.parts = [part.requires_grad_() for part in _parts(points.detach())]
        with torch.enable_grad():
            ctx.answers = _each(answer, ctx.parts)
        return torch.cat([each.detach() for each in ctx.answers])

    @staticmethod
    def backward(ctx: Foreign, given: Tensor) -> tuple[Tensor, None]:
        if torch.is_grad_enabled():  # to be differentiated again, from the points on: the parts know none
            (points,) = ctx.saved_tensors
            (whole,) = torch.autograd.grad(ctx.answer(points), points, given, create_graph=True)
            return whole, None
        towards = given.split([len(part) for part in ctx.parts])

        def back(k: int) -> Tensor:
            # Kept: who keeps the graph outside goes back through it again.
            found: Tensor
            (found,) = torch.autograd.grad(ctx.answers[k], ctx.parts[k], towards[k], retain_graph=True)
            return found

        return torch.cat(_each(back, range(len(ctx.parts)))), None


def _can_part(net: nn.Module, points: Tensor) -> bool:
    if len(points) < 2 or not points.is_cpu or is_traced() or thread_count() < 2:
        return False
    learns = torch.is_grad_enabled() and any(each.requires_grad for each in net.parameters())
    together = any(module.training for module in net.modules())  # a batch norm's mean is over all clouds
    # Hooks see whole batches; those of what a graph saves, as a checkpoint's, are of the caller's thread.
    seen = has_hooks(net) or torch._C._autograd._top_saved_tensors_default_hooks(False) is not None
    return not (learns or together or seen or torch.is_autocast_enabled("cpu"))


def _parts(points: Tensor) -> list[Tensor]:
    return list(points.split(-(-len(points) // thread_count())))


def _each(work: Callable[[Item], Tensor], items: Sequence[Item]) -> list[Tensor]:
    """What ``work`` makes of every item, in all threads of the caller."""
    made: dict[int, Tensor] = {}

    def one(k: int) -> None:
        made[k] = work(items[k])

    share(one, range(len(items)))
    return [made[k] for k in range(len(items))]

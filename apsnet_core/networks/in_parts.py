"""Inference with a batch split into parts: each thread takes its clouds through all layers.

Torch itself splits each layer among its threads, which busy-wait for milliseconds after each layer on the
cores that compiled code needs.
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
    """Compute ``answer(points)``, (B, N, I) -> (B, ...), in parts of the batch.

    ``answer`` runs ``net``, whose result for a cloud must not depend on the other clouds. The batch is not
    split if the net is being trained or has hooks, if it is not on a CPU, or if there is only one thread.
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
        # A second derivative needs a graph that begins at the points; the parts were detached from them.
        if torch.is_grad_enabled():
            (points,) = ctx.saved_tensors
            (whole,) = torch.autograd.grad(ctx.answer(points), points, given, create_graph=True)
            return whole, None
        towards = given.split([len(part) for part in ctx.parts])

        def back(k: int) -> Tensor:
            # The graph is retained, because a caller that retains the outer graph runs this again.
            found: Tensor
            (found,) = torch.autograd.grad(ctx.answers[k], ctx.parts[k], towards[k], retain_graph=True)
            return found

        return torch.cat(_each(back, range(len(ctx.parts)))), None


def _can_part(net: nn.Module, points: Tensor) -> bool:
    if len(points) < 2 or not points.is_cpu or is_traced() or thread_count() < 2:
        return False
    learns = torch.is_grad_enabled() and any(each.requires_grad for each in net.parameters())
    together = any(module.training for module in net.modules())  # batch norm then averages over all clouds
    # Hooks expect whole batches; saved-tensor hooks, such as checkpoints', work only in the caller's thread.
    seen = has_hooks(net) or torch._C._autograd._top_saved_tensors_default_hooks(False) is not None
    return not (learns or together or seen or torch.is_autocast_enabled("cpu"))


def _parts(points: Tensor) -> list[Tensor]:
    return list(points.split(-(-len(points) // thread_count())))


def _each(work: Callable[[Item], Tensor], items: Sequence[Item]) -> list[Tensor]:
    """Return ``work(item)`` for every item, computed in all of the caller's threads."""
    made: dict[int, Tensor] = {}

    def one(k: int) -> None:
        made[k] = work(items[k])

    share(one, range(len(items)))
    return [made[k] for k in range(len(items))]

"""The steps of APSNet's loop on a GPU, forwards and backwards: whole batches, a few fused kernels a step.

A step is some sixty elementwise operations between four matrix products. Launched one by one they cost more
than they compute; compiled, each stretch between two products is one kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import torch
from torch import Tensor


class State(NamedTuple):
    """What one step hands to the next: pre-activations (B, 4D) of the lower layer, the recurrent part of the
    upper's (B, 4D), and both cells (B, D)."""

    into_lower: Tensor
    recurrent: Tensor
    lower_cell: Tensor
    upper_cell: Tensor


class Step(NamedTuple):
    """What one step leaves for the backward: generated (B, 3), hidden and lower (B, D), attention (B, N),
    activated gates (B, 4, D) of both layers."""

    generated: Tensor
    hidden: Tensor
    attention: Tensor
    lower: Tensor
    lower_gates: Tensor
    upper_gates: Tensor


def _cell(into: Tensor, cell: Tensor, scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    gates = into.view(-1, 4, cell.shape[-1]).tanh() * scale + shift
    i, f, g, o = gates.unbind(1)
    after = f * cell + i * g
    return gates, after, o * after.tanh()


def _forward(features: Tensor, points: Tensor, w: tuple[Tensor, ...], state: State) -> tuple[Step, State]:
    by_point, by_lower, by_upper, lower_bias, upper_bias, scale, shift = w
    size = state.lower_cell.shape[-1]
    lower_gates, lower_cell, lower = _cell(state.into_lower, state.lower_cell, scale, shift)
    product = lower @ by_lower.T
    into_upper = product[:, : 4 * size] + state.recurrent
    upper_gates, upper_cell, hidden = _cell(into_upper, state.upper_cell, scale, shift)
    recurrent = torch.addmm(upper_bias, hidden, by_upper.T)
    attention = torch.bmm(features, hidden[:, :, None])[..., 0].softmax(dim=-1)
    generated = torch.bmm(attention[:, None], points)[:, 0]
    into_lower = torch.addmm(lower_bias, generated, by_point.T) + product[:, 4 * size :]
    step = Step(generated, hidden, attention, lower, lower_gates, upper_gates)
    return step, State(into_lower, recurrent, lower_cell, upper_cell)


def _cell_backward(
    gates: Tensor, before: Tensor, after: Tensor, d_hidden: Tensor, d_cell: Tensor
) -> tuple[Tensor, Tensor]:
    i, f, g, o = gates.unbind(1)
    tanh = after.tanh()
    d_cell = d_cell + d_hidden * o * (1 - tanh * tanh)
    d_gates = torch.cat(
        [
            d_cell * g * i * (1 - i),
            d_cell * before * f * (1 - f),
            d_cell * i * (1 - g * g),
            d_hidden * tanh * o * (1 - o),
        ],
        dim=-1,
    )
    return d_gates, d_cell * f


def _backward(
    step: Step, cells: tuple[Tensor, Tensor, Tensor, Tensor], into_lower: Tensor, into_upper: Tensor,
    jacobian: Tensor, d_generated: Tensor, d_hidden: Tensor, back: tuple[Tensor, Tensor, Tensor, Tensor],
) -> tuple[Tensor, Tensor, Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:  # fmt: skip
    back_lower, back_upper, d_lower_cell, d_upper_cell = back
    size = step.hidden.shape[-1]
    d_point = d_generated + back_lower[:, :3]
    d_top = (jacobian * d_point[:, None]).sum(-1) + back_upper[:, size:] + d_hidden
    d_upper, d_upper_cell = _cell_backward(step.upper_gates, cells[2], cells[3], d_top, d_upper_cell)
    back_upper = d_upper @ into_upper
    d_bottom = back_upper[:, :size] + back_lower[:, 3:]
    d_lower, d_lower_cell = _cell_backward(step.lower_gates, cells[0], cells[1], d_bottom, d_lower_cell)
    return d_point, d_lower, d_upper, (d_lower @ into_lower, back_upper, d_lower_cell, d_upper_cell)


@cache
def _compiled(function: Callable[..., Any], on_gpu: bool) -> Callable[..., Any]:
    if on_gpu and find_spec("triton"):
        return torch.compile(function, dynamic=False)
    return function


def forward_step(features: Tensor, points: Tensor, w: tuple[Tensor, ...], state: State) -> tuple[Step, State]:
    """One step for the whole batch: features (B, N, D), points (B, N, 3), the fused weights, the state before."""
    return _compiled(_forward, features.is_cuda)(features, points, w, state)  # type: ignore[no-any-return]


def backward_step(
    step: Step, cells: tuple[Tensor, Tensor, Tensor, Tensor], into_lower: Tensor, into_upper: Tensor,
    jacobian: Tensor, d_generated: Tensor, d_hidden: Tensor, back: tuple[Tensor, Tensor, Tensor, Tensor],
) -> tuple[Tensor, Tensor, Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:  # fmt: skip
    """One step back: the gradients of the point (B, 3), of the gates (B, 4D) of both layers, and ``back``.

    ``cells`` are the lower's before and after the step, then the upper's; ``back`` is what the step after
    handed down: gradients of (point, lower hidden) (B, 3 + D), of (lower, upper hidden) (B, 2D), of both cells.
    """
    run = _compiled(_backward, jacobian.is_cuda)
    return run(step, cells, into_lower, into_upper, jacobian, d_generated, d_hidden, back)  # type: ignore[no-any-return]

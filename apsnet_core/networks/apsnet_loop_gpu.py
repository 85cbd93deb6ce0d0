"""The steps of APSNet's loop on a GPU, forward and backward, for whole batches with few kernels per step.

A step is some sixty elementwise operations between four matrix products. Launched one by one, they take
longer to launch than to compute. Compiled, all operations between two products are one kernel. Terms added
to a product are added at the beginning of the next such kernel, where they need no kernel of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from apsnet_core.networks.apsnet_loop_cpu import fuse
from apsnet_core.networks.apsnet_tape import Gradients, Loop, LSTMWeights, Tape, jacobians, score_gradient
from apsnet_core.ops.kernels import why_no_kernels

Pair = tuple[Tensor, Tensor]


class State(NamedTuple):
    """The inputs of a step from the previous one: the point (B, 3), the recurrent terms of the
    pre-activations (B, 4D) of both layers, and the cell states (B, D) of both."""

    generated: Tensor
    lower_recurrent: Tensor
    upper_recurrent: Tensor
    lower_cell: Tensor
    upper_cell: Tensor


class Step(NamedTuple):
    """The results of a step that the backward needs: generated point (B, 3), hidden states of the upper
    (``hidden``) and lower layer (B, D), attention (B, N), activated gates (B, 4, D) of both layers."""

    generated: Tensor
    hidden: Tensor
    attention: Tensor
    lower: Tensor
    lower_gates: Tensor
    upper_gates: Tensor


class Back(NamedTuple):
    """The gradients that the backward of step t + 1 passes to step t.

    ``lower`` (B, 3 + D) belongs to the inputs of the lower layer: the point and the lower hidden state of
    step t. ``upper`` (B, 2D) belongs to the inputs of the upper layer: the lower hidden state of step t + 1
    and the upper hidden state of step t. The gradients of the cell states are (B, D).
    """

    lower: Tensor
    upper: Tensor
    lower_cell: Tensor
    upper_cell: Tensor


def _cell(into: Tensor, cell: Tensor, scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    gates = into.view(-1, 4, cell.shape[-1]).tanh() * scale + shift
    i, f, g, o = gates.unbind(1)
    after = f * cell + i * g
    return gates, after, o * after.tanh()


def _forward(features: Tensor, points: Tensor, w: tuple[Tensor, ...], state: State) -> tuple[Step, State]:
    by_point, by_lower, by_upper, lower_bias, upper_bias, scale, shift = w
    size = state.lower_cell.shape[-1]
    x, y, z = state.generated.unbind(1)
    by_x, by_y, by_z = by_point.unbind(1)
    from_point = x[:, None] * by_x + y[:, None] * by_y + z[:, None] * by_z
    into_lower = from_point + state.lower_recurrent + lower_bias
    lower_gates, lower_cell, lower = _cell(into_lower, state.lower_cell, scale, shift)
    into_upper, lower_recurrent = (lower @ by_lower.T).split(4 * size, dim=1)
    into_upper = into_upper + state.upper_recurrent + upper_bias
    upper_gates, upper_cell, hidden = _cell(into_upper, state.upper_cell, scale, shift)
    attention = torch.bmm(features, hidden[:, :, None])[..., 0].softmax(dim=-1)
    generated = torch.bmm(attention[:, None], points)[:, 0]
    step = Step(generated, hidden, attention, lower, lower_gates, upper_gates)
    return step, State(generated, lower_recurrent, hidden @ by_upper.T, lower_cell, upper_cell)


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
    gates: Pair, cells: tuple[Tensor, Tensor, Tensor, Tensor], into_lower: Tensor, into_upper: Tensor,
    jacobian: Tensor, d_generated: Tensor, d_hidden: Tensor, back: Back,
) -> tuple[Tensor, Tensor, Tensor, Back]:  # fmt: skip
    """One backward step. Returns the gradients of the point (B, 3) and the gates (B, 4D), and a new ``back``.

    In ``gates`` and ``cells`` the lower layer comes before the upper one. For each layer, ``cells`` holds the
    cell state before the step and the one after it.
    """
    size = d_hidden.shape[-1]
    d_point = d_generated + back.lower[:, :3]
    d_top = (jacobian * d_point[:, None]).sum(-1) + back.upper[:, size:] + d_hidden
    d_upper, d_upper_cell = _cell_backward(gates[1], cells[2], cells[3], d_top, back.upper_cell)
    into = d_upper @ into_upper
    d_bottom = into[:, :size] + back.lower[:, 3:]
    d_lower, d_lower_cell = _cell_backward(gates[0], cells[0], cells[1], d_bottom, back.lower_cell)
    return d_point, d_lower, d_upper, Back(d_lower @ into_lower, into, d_lower_cell, d_upper_cell)


@cache
def _compiled(function: Callable[..., Any], on_gpu: bool) -> Callable[..., Any]:
    if on_gpu and why_no_kernels("cuda") is None:
        return fused(function)
    return function


def fused(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """Compile ``function``: the first time for one size, the second time for any size.

    Compiling for every size is not possible, because torch stops after eight compilations.
    """
    return torch.compile(function, dynamic=None, **options)


def run_batch(
    features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int, *, keep: bool
) -> Tape:
    """Do the work of `apsnet_loop_cpu.run` on any device. Without ``keep`` the tape holds only the last step.

    The gates and cell states of a step are contiguous in memory, as the backward reads them.
    """
    fused = fuse(weights)
    step_once = _compiled(_forward, features.is_cuda)
    batch, size = state.shape
    zeros = state.new_zeros
    # Strided like the result of a step; otherwise the first step would need a compilation of its own.
    none = zeros(batch, 8 * size)[:, 4 * size :]
    now = State(zeros(batch, 3), none, zeros(batch, 4 * size), state.contiguous(), state.clone())
    steps: list[Step] = []
    cells: list[Pair] = [(now.lower_cell, now.upper_cell)]
    points_and_hidden: list[Pair] = []
    for _ in range(m):
        step, now = step_once(features, points, fused, now)
        points_and_hidden.append((step.generated, step.hidden))
        if not keep:
            steps.clear()
            del cells[:-1]
        steps.append(step)
        cells.append((now.lower_cell, now.upper_cell))
    generated, hidden = (torch.stack(each, dim=1) for each in zip(*points_and_hidden, strict=True))
    return Tape(
        generated=generated,
        hidden=hidden,
        attention=torch.stack([step.attention for step in steps], dim=1),
        lower=torch.stack([step.lower for step in steps], dim=1),
        gates=_by_step([(step.lower_gates, step.upper_gates) for step in steps]),
        cells=_by_step(cells),
    )


def back_through_batch(
    features: Tensor, points: Tensor, weights: LSTMWeights, tape: Tape, d_generated: Tensor, d_hidden: Tensor
) -> Gradients:
    """Do the work of `apsnet_core.networks.apsnet_loop_cpu.back_through` on any device."""
    at_once = jacobians(tape.attention, features, points, tape.generated)
    batch, m, size = tape.hidden.shape
    step_once = _compiled(_backward, features.is_cuda)
    into_lower = torch.cat([weights.weight_ih_l0, weights.weight_hh_l0], dim=1)
    into_upper = torch.cat([weights.weight_ih_l1, weights.weight_hh_l1], dim=1)
    jacobian, d_generateds, d_hiddens = (
        tensor.transpose(0, 1).contiguous().unbind(0) for tensor in (at_once, d_generated, d_hidden)
    )
    zeros = d_hidden.new_zeros
    back = Back(zeros(batch, 3 + size), zeros(batch, 2 * size), zeros(batch, size), zeros(batch, size))
    d_steps: list[tuple[Tensor, Tensor, Tensor]] = []
    for t in range(m - 1, -1, -1):
        gates = (tape.gates[0, :, t], tape.gates[1, :, t])
        cells = tuple(tape.cells[layer, :, at] for layer in (0, 1) for at in (t, t + 1))
        *d_step, back = step_once(
            gates, cells, into_lower, into_upper, jacobian[t], d_generateds[t], d_hiddens[t], back
        )
        d_steps.append(tuple(d_step))
    d_points, d_lower, d_upper = (torch.stack(each[::-1], dim=1) for each in zip(*d_steps, strict=True))
    d_scores = score_gradient(tape, points, d_points)
    return Gradients(d_points, d_scores, torch.stack([d_lower, d_upper]), back.lower_cell + back.upper_cell)


def _by_step(pairs: list[Pair]) -> Tensor:
    """Stack k pairs (lower, upper) of tensors (B, ...) into (2, B, k, ...), with each step contiguous."""
    return torch.stack([torch.stack(layer) for layer in zip(*pairs, strict=True)]).transpose(1, 2)


BATCHED = Loop(run_batch, back_through_batch)

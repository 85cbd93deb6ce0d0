"""The m steps of APSNet's loop on a CPU in numpy, forward and backward (Eq. 2 and 3).

The forward pass takes one cloud after another: a step is a handful of matrix-vector products whose matrices
stay in the cache, a numpy call costs a fraction of a torch call, and no result depends on the rest of the
batch. On a GPU each step processes the whole batch: `apsnet_core.networks.apsnet_loop_gpu`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from apsnet_core.networks.apsnet_tape import (
    Gradients,
    Loop,
    LSTMWeights,
    Tape,
    jacobians,
    new_tape,
    score_gradient,
)
from apsnet_core.ops.threads import one_thread

Array = npt.NDArray[Any]


def run(features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int, *, keep: bool) -> Tape:
    """Generate ``m`` points from ``features`` (B, N, D), ``points`` (B, N, 3) and the cell state (B, D).

    All tensors are on the CPU, in 32 or 64 bits. With ``keep`` the tape stores what the backward needs;
    without it all steps share the memory of one step.
    """
    tape = new_tape(features, m, keep=keep)
    with one_thread():
        fused = _Fused(*(tensor.detach().numpy() for tensor in fuse(weights)))
        for b in range(len(features)):
            own = [tensor[b].detach().contiguous().numpy() for tensor in (features, points, state)]
            _run_cloud(own[0], own[1], own[2], fused, tape, b)
    return tape


class _Fused(NamedTuple):
    """The weights grouped by their input. The rows of the sigmoid gates are halved.

    Because sigmoid(x) = (tanh(x / 2) + 1) / 2, one tanh serves all four gates, followed by ``scale`` and
    ``shift`` (4, D). ``by_lower`` (8D, D) times the lower hidden state is the input of the upper layer in
    this step and the recurrent input of the lower layer in the next one.
    """

    by_point: Array
    by_lower: Array
    by_upper: Array
    lower_bias: Array
    upper_bias: Array
    scale: Array
    shift: Array


def fuse(w: LSTMWeights) -> tuple[Tensor, ...]:
    """Return the tensors of `_Fused`, in its order."""
    size = w.weight_hh_l0.shape[1]
    scale = w.bias_ih_l0.new_full((4, size), 0.5)
    scale[2] = 1.0
    rows = scale.view(-1, 1)
    return (
        w.weight_ih_l0 * rows,
        torch.cat([w.weight_ih_l1 * rows, w.weight_hh_l0 * rows]),
        w.weight_hh_l1 * rows,
        (w.bias_ih_l0 + w.bias_hh_l0) * rows[:, 0],
        (w.bias_ih_l1 + w.bias_hh_l1) * rows[:, 0],
        scale,
        1 - scale,
    )


def _run_cloud(features: Array, points: Array, state: Array, w: _Fused, tape: Tape, b: int) -> None:
    generated, hidden, attention, lower = (tensor[b].numpy() for tensor in tape[:4])
    gates, cells = tape.gates[:, b].numpy(), tape.cells[:, b].numpy()
    cells[:, 0] = state
    rows = len(attention)
    size = len(state)
    # With a last row of ones, the product with the exponentials also gives their sum.
    homogeneous = np.vstack([points.T, np.ones_like(points[:, 0])])
    into_lower = w.lower_bias.copy()
    into_upper = np.empty_like(into_lower)
    recurrent = w.upper_bias.copy()
    by_lower = np.empty(8 * size, features.dtype)
    weighted = np.empty(4, features.dtype)
    scratch = np.empty(size, features.dtype)
    for t in range(len(generated)):
        row = t % rows
        before, after = t % (rows + 1), (t + 1) % (rows + 1)
        _cell(into_lower, gates[0, row], cells[0, before], cells[0, after], lower[row], w, scratch)
        np.dot(w.by_lower, lower[row], out=by_lower)
        np.add(by_lower[: 4 * size], recurrent, out=into_upper)
        _cell(into_upper, gates[1, row], cells[1, before], cells[1, after], hidden[t], w, scratch)
        np.dot(w.by_upper, hidden[t], out=recurrent)
        recurrent += w.upper_bias
        scores = attention[row]
        np.dot(features, hidden[t], out=scores)
        scores -= scores.max()
        np.exp(scores, out=scores)
        np.dot(homogeneous, scores, out=weighted)
        np.divide(weighted[:3], weighted[3], out=generated[t])
        scores /= weighted[3]
        np.dot(w.by_point, generated[t], out=into_lower)
        into_lower += by_lower[4 * size :]
        into_lower += w.lower_bias


def _cell(
    into: Array, gates: Array, before: Array, after: Array, hidden: Array, w: _Fused, scratch: Array
) -> None:
    """One LSTM cell: pre-activations ``into`` (4D,) -> ``gates`` (4, D), cell ``after``, ``hidden`` (D,)."""
    np.tanh(into.reshape(gates.shape), out=gates)
    gates *= w.scale
    gates += w.shift
    i, f, g, o = gates
    np.multiply(f, before, out=after)
    np.multiply(i, g, out=scratch)
    after += scratch
    np.tanh(after, out=hidden)
    hidden *= o


def back_through(
    features: Tensor, points: Tensor, weights: LSTMWeights, tape: Tape, d_generated: Tensor, d_hidden: Tensor
) -> Gradients:
    """Compute the gradients from the last step to the first.

    ``d_generated`` (B, m, 3) and ``d_hidden`` (B, m, D) are the gradients of the generated points and of the
    top hidden states.
    """
    w, jacobian = weights, jacobians(tape.attention, features, points, tape.generated)
    batch, m, size = tape.hidden.shape
    into_lower = torch.cat([w.weight_ih_l0, w.weight_hh_l0], dim=1)
    into_upper = torch.cat([w.weight_ih_l1, w.weight_hh_l1], dim=1)
    d_gates = torch.empty_like(tape.gates).flatten(3)
    d_cells = d_hidden.new_zeros(2, batch, size)
    d_points = torch.empty_like(tape.generated)
    back_lower = d_hidden.new_zeros(batch, 3 + size)
    back_upper = d_hidden.new_zeros(batch, 2 * size)
    for t in range(m - 1, -1, -1):
        dq = d_generated[:, t] + back_lower[:, :3]
        d_points[:, t] = dq
        d_top = torch.bmm(jacobian[:, t], dq[:, :, None])[..., 0] + back_upper[:, size:] + d_hidden[:, t]
        d_gates[1, :, t] = _cell_backward(tape, 1, t, d_top, d_cells[1])
        back_upper = d_gates[1, :, t] @ into_upper
        d_bottom = back_upper[:, :size] + back_lower[:, 3:]
        d_gates[0, :, t] = _cell_backward(tape, 0, t, d_bottom, d_cells[0])
        back_lower = d_gates[0, :, t] @ into_lower
    return Gradients(d_points, score_gradient(tape, points, d_points), d_gates, d_cells.sum(0))


def _cell_backward(tape: Tape, layer: int, t: int, d_hidden: Tensor, d_cell: Tensor) -> Tensor:
    """Return the gradient of the pre-activations (B, 4D).

    ``d_cell``, the gradient of this step's cell state, becomes the gradient of the previous cell state in
    place.
    """
    gates, before, after = tape.gates[layer, :, t], tape.cells[layer, :, t], tape.cells[layer, :, t + 1]
    i, f, g, o = gates.unbind(1)
    tanh = after.tanh()
    d_cell.add_(d_hidden * o * (1 - tanh * tanh))
    d_gates = torch.stack([d_cell * g, d_cell * before, d_cell * i, d_hidden * tanh], dim=1)
    slope = gates - gates * gates
    slope[:, 2] = 1 - g * g
    d_cell.mul_(f)
    return (d_gates * slope).flatten(1)


PLAIN = Loop(run, back_through)

"""The sequential heart of APSNet with a hand-written backward: LSTM, attention, weighted sum (Eq. 2 and 3).

Per step t, with x_i the feature of point p_i and h_t the top hidden state:

    s_t = X h_t        a_t = softmax(s_t)        q_t = P^T a_t

Plain autograd visits all N points twice a step on the way back. It need not: with dq_t the gradient of q_t,

    ds_t = a_t * ((P - q_t) dq_t)        dh_t = X^T ds_t = J_t dq_t,   J_t = X^T diag(a_t) (P - q_t)

and J_t (128, 3) does not depend on dq_t. All J_t are matrix products made before the loop, the gradients of
X, P and of the weights are matrix products made after it, and the loop itself touches no point.

The loops are those of `steps` on a CPU, where one cloud after another is best, else those of `batched`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from apsnet_core.networks.apsnet_loop_cpu import LSTMWeights, Tape, run
from apsnet_core.networks.apsnet_loop_gpu import back_through, run_batch


def recur(
    features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int
) -> tuple[Tensor, Tensor]:
    """Generate ``m`` points one after another, differentiably unless gradients are switched off.

    ``features`` (B, N, D), ``points`` (B, N, 3), ``state`` (B, D), the first cell state of both layers ->
    generated points (B, m, 3) and top hidden states (B, m, D). Eq. 2 and 3.
    """
    batched = features.device.type != "cpu" or features.dtype not in (torch.float32, torch.float64)
    if torch.is_grad_enabled():
        return Recurrence.apply(batched, m, features, points, state, *weights)  # type: ignore[no-any-return, no-untyped-call]
    tape = (run_batch if batched else run)(features, points, state, weights, m, keep=False)
    return tape.generated, tape.hidden


class Recurrence(torch.autograd.Function):
    """`recur` for autograd: ``apply(batched, m, features, points, state, *weights)``."""

    # Under autocast the loop stays in 32 bits: 128 steps of 16-bit cell states drift away.
    @staticmethod
    @torch.amp.custom_fwd(device_type="cuda", cast_inputs=torch.float32)  # type: ignore[untyped-decorator]
    def forward(
        ctx: Any, batched: bool, m: int, features: Tensor, points: Tensor, state: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        loop = run_batch if batched else run
        tape = loop(features, points, state, LSTMWeights(*weights), m, keep=True)
        ctx.batched = batched
        ctx.save_for_backward(features, points, *weights, *tape)
        return tape.generated, tape.hidden

    @staticmethod
    @torch.amp.custom_bwd(device_type="cuda")  # type: ignore[untyped-decorator]
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        d_generated, d_hidden = gradients
        features, points, *rest = ctx.saved_tensors
        w, tape = LSTMWeights(*rest[:8]), Tape(*rest[8:])
        jacobian = _jacobians(tape.attention, features, points, tape.generated)
        loop = back_through if ctx.batched else _back_through
        d_points, d_gates, d_state = loop(tape, w, jacobian, d_generated, d_hidden)
        # One matrix product each for what a step-by-step backward would add up m times.
        d_scores = torch.bmm(d_points, points.transpose(1, 2))
        d_scores.sub_((tape.generated * d_points).sum(-1, keepdim=True)).mul_(tape.attention)
        d_features = torch.bmm(d_scores.transpose(1, 2), tape.hidden)
        d_cloud = torch.bmm(tape.attention.transpose(1, 2), d_points) if ctx.needs_input_grad[3] else None
        d_lower, d_upper = d_gates
        d_lower_bias, d_upper_bias = d_gates.sum((1, 2))
        return (
            None, None, d_features, d_cloud, d_state,
            _weight_gradient(d_lower, tape.generated, 1), _weight_gradient(d_lower, tape.lower, 1),
            d_lower_bias, d_lower_bias,
            _weight_gradient(d_upper, tape.lower, 0), _weight_gradient(d_upper, tape.hidden, 1),
            d_upper_bias, d_upper_bias,
        )  # fmt: skip


def _back_through(
    tape: Tape, w: LSTMWeights, jacobian: Tensor, d_generated: Tensor, d_hidden: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """`back_through` for a CPU: a few operations a step, in place."""
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
    return d_points, d_gates, d_cells.sum(0)


def _cell_backward(tape: Tape, layer: int, t: int, d_hidden: Tensor, d_cell: Tensor) -> Tensor:
    """Gradient of the pre-activations (B, 4D); ``d_cell`` becomes, in place, that of the cell before."""
    gates, before, after = tape.gates[layer, :, t], tape.cells[layer, :, t], tape.cells[layer, :, t + 1]
    i, f, g, o = gates.unbind(1)
    tanh = after.tanh()
    d_cell.add_(d_hidden * o * (1 - tanh * tanh))
    d_gates = torch.stack([d_cell * g, d_cell * before, d_cell * i, d_hidden * tanh], dim=1)
    slope = gates - gates * gates
    slope[:, 2] = 1 - g * g
    d_cell.mul_(f)
    return (d_gates * slope).flatten(1)


def _weight_gradient(d_gates: Tensor, inputs: Tensor, delay: int) -> Tensor:
    """Sum over batch and steps of (B, m, 4D) times inputs (B, m, I), those of ``delay`` steps before."""
    m = inputs.shape[1] - delay
    return d_gates[:, delay:].flatten(0, 1).T @ inputs[:, :m].flatten(0, 1)


def _jacobians(attention: Tensor, features: Tensor, points: Tensor, generated: Tensor) -> Tensor:
    """J_t = X^T diag(a_t) (P - q_t): (B, m, N), (B, N, D), (B, N, 3), (B, m, 3) -> (B, m, D, 3)."""
    mean = torch.bmm(attention, features)
    axes = [torch.bmm(attention, features * axis[..., None]) for axis in points.unbind(-1)]
    return torch.stack(axes, dim=-1) - mean[..., None] * generated[:, :, None]

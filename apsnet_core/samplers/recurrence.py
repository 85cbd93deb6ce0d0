"""The sequential heart of APSNet with a hand-written backward: LSTM, attention, weighted sum (Eq. 2 and 3).

Per step t, with x_i the feature of point p_i and h_t the top hidden state:

    s_t = X h_t        a_t = softmax(s_t)        q_t = P^T a_t

Plain autograd visits all N points twice a step on the way back. It need not: with dq_t the gradient of q_t,

    ds_t = a_t * ((P - q_t) dq_t)        dh_t = X^T ds_t = J_t dq_t,   J_t = X^T diag(a_t) (P - q_t)

and J_t (128, 3) does not depend on dq_t. All J_t are matrix products made before the loop, the gradients of
X, P and of the weights are matrix products made after it, and the loop itself touches no point.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor


class LSTMWeights(NamedTuple):
    """The eight tensors of a two-layer ``nn.LSTM(3, D)``, gates in the order i, f, g, o."""

    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor
    weight_ih_l1: Tensor
    weight_hh_l1: Tensor
    bias_ih_l1: Tensor
    bias_hh_l1: Tensor


def _fuse(weight_ih: Tensor, weight_hh: Tensor, bias_ih: Tensor, bias_hh: Tensor) -> tuple[Tensor, Tensor]:
    """(4D, I), (4D, D) -> one (I + D, 4D) matrix and its bias; halved where the gate is a sigmoid.

    sigmoid(x) = (tanh(x / 2) + 1) / 2: one tanh serves all four gates.
    """
    weight = torch.cat([weight_ih, weight_hh], dim=1)
    bias = bias_ih + bias_hh
    halves = torch.full_like(bias, 0.5)
    size = len(bias) // 4
    halves[2 * size : 3 * size] = 1.0
    return (weight * halves[:, None]).T.contiguous(), bias * halves


def _cell(gates: Tensor, cell: Tensor, next_cell: Tensor, hidden: Tensor) -> None:
    """One LSTM cell in place: ``gates`` (B, 4D) become activations, ``next_cell`` and ``hidden`` are written."""
    size = cell.shape[-1]
    gates.tanh_()
    gates[:, : 2 * size].add_(1.0).mul_(0.5)
    gates[:, 3 * size :].add_(1.0).mul_(0.5)
    i, f, g, o = gates.split(size, dim=-1)
    torch.mul(f, cell, out=next_cell)
    next_cell.addcmul_(i, g)
    torch.mul(o, next_cell.tanh(), out=hidden)


def _cell_backward(gates: Tensor, cell: Tensor, next_cell: Tensor, d_hidden: Tensor, d_cell: Tensor) -> Tensor:
    """Gradient of the pre-activations (B, 4D); ``d_cell`` is updated in place to the gradient of ``cell``."""
    i, f, g, o = gates.chunk(4, dim=-1)
    tanh = next_cell.tanh()
    d_cell.add_(d_hidden * o * (1 - tanh * tanh))
    before = torch.cat([d_cell * g, d_cell * cell, d_cell * i, d_hidden * tanh], dim=-1)
    slope = gates - gates * gates
    size = cell.shape[-1]
    slope[:, 2 * size : 3 * size] = 1 - g * g
    d_cell.mul_(f)
    return before * slope


class _Recurrence(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, m: int, features: Tensor, points: Tensor, state: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        w = LSTMWeights(*weights)
        batch, n, size = features.shape
        lower, lower_bias = _fuse(*w[:4])
        upper, upper_bias = _fuse(*w[4:])
        lower_in = features.new_zeros(m + 1, batch, 3 + size)
        upper_in = features.new_zeros(m + 1, batch, 2 * size)
        lower_gates = features.new_empty(m, batch, 4 * size)
        upper_gates = features.new_empty(m, batch, 4 * size)
        cells = features.new_empty(2, m + 1, batch, size)
        cells[:, 0] = state
        attention = features.new_empty(m, batch, n)
        for t in range(m):
            torch.addmm(lower_bias, lower_in[t], lower, out=lower_gates[t])
            _cell(lower_gates[t], cells[0, t], cells[0, t + 1], upper_in[t, :, :size])
            lower_in[t + 1, :, 3:] = upper_in[t, :, :size]
            torch.addmm(upper_bias, upper_in[t], upper, out=upper_gates[t])
            _cell(upper_gates[t], cells[1, t], cells[1, t + 1], upper_in[t + 1, :, size:])
            scores = torch.bmm(features, upper_in[t + 1, :, size:, None])
            torch.softmax(scores[..., 0], dim=-1, out=attention[t])
            lower_in[t + 1, :, :3] = torch.bmm(attention[t, :, None], points)[:, 0]
        generated = lower_in[1:, :, :3].transpose(0, 1).contiguous()
        hidden = upper_in[1:, :, size:].transpose(0, 1).contiguous()
        ctx.save_for_backward(
            features, points, *weights, generated, hidden, lower_in, upper_in, lower_gates, upper_gates, cells,
            attention,
        )  # fmt: skip
        return generated, hidden

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        d_generated, d_hidden = gradients
        features, points, *rest = ctx.saved_tensors
        w = LSTMWeights(*rest[:8])
        generated, hidden, lower_in, upper_in, lower_gates, upper_gates, cells, attention = rest[8:]
        m, batch, _ = attention.shape
        size = features.shape[-1]
        by_cloud = attention.transpose(0, 1)
        jacobian = _jacobians(by_cloud, features, points, generated)
        lower = torch.cat([w.weight_ih_l0, w.weight_hh_l0], dim=1)
        upper = torch.cat([w.weight_ih_l1, w.weight_hh_l1], dim=1)
        d_lower = torch.empty_like(lower_gates)
        d_upper = torch.empty_like(upper_gates)
        d_cells = features.new_zeros(2, batch, size)
        d_points = torch.empty_like(generated)
        back_lower = features.new_zeros(batch, 3 + size)
        back_upper = features.new_zeros(batch, 2 * size)
        for t in range(m - 1, -1, -1):
            dq = d_generated[:, t] + back_lower[:, :3]
            d_points[:, t] = dq
            d_top = torch.bmm(jacobian[:, t], dq[:, :, None])[..., 0] + back_upper[:, size:] + d_hidden[:, t]
            d_upper[t] = _cell_backward(upper_gates[t], cells[1, t], cells[1, t + 1], d_top, d_cells[1])
            back_upper = d_upper[t] @ upper
            d_bottom = back_upper[:, :size] + back_lower[:, 3:]
            d_lower[t] = _cell_backward(lower_gates[t], cells[0, t], cells[0, t + 1], d_bottom, d_cells[0])
            back_lower = d_lower[t] @ lower
        # One matrix product each for what a step-by-step backward would add up m times.
        d_scores = torch.bmm(d_points, points.transpose(1, 2))
        d_scores.sub_((generated * d_points).sum(-1, keepdim=True)).mul_(by_cloud)
        d_features = torch.bmm(d_scores.transpose(1, 2), hidden)
        d_cloud = torch.bmm(by_cloud.transpose(1, 2), d_points) if ctx.needs_input_grad[2] else None
        d_lower_weight = d_lower.flatten(0, 1).T @ lower_in[:m].flatten(0, 1)
        d_upper_weight = d_upper.flatten(0, 1).T @ upper_in[:m].flatten(0, 1)
        d_lower_bias = d_lower.sum((0, 1))
        d_upper_bias = d_upper.sum((0, 1))
        return (
            None, d_features, d_cloud, d_cells.sum(0),
            d_lower_weight[:, :3], d_lower_weight[:, 3:], d_lower_bias, d_lower_bias,
            d_upper_weight[:, :size], d_upper_weight[:, size:], d_upper_bias, d_upper_bias,
        )  # fmt: skip


def _jacobians(attention: Tensor, features: Tensor, points: Tensor, generated: Tensor) -> Tensor:
    """J_t = X^T diag(a_t) (P - q_t) for every step: (B, m, N), (B, N, D), (B, N, 3), (B, m, 3) -> (B, m, D, 3)."""
    mean = torch.bmm(attention, features)
    axes = [
        torch.bmm(attention * points[:, None, :, k], features) - mean * generated[:, :, k, None] for k in range(3)
    ]
    return torch.stack(axes, dim=-1)


def recur(features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int) -> tuple[Tensor, Tensor]:
    """Generate ``m`` points one after another, differentiably.

    ``features`` (B, N, D), ``points`` (B, N, 3), ``state`` (B, D), the first cell state of both layers ->
    generated points (B, m, 3) and top hidden states (B, m, D). Eq. 2 and 3.
    """
    generated, hidden = _Recurrence.apply(m, features, points, state, *weights)
    return generated, hidden

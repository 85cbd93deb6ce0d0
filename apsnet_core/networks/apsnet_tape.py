"""The types that all versions of APSNet's loop share: its weights, the tape for the backward, the gradients.

Per step t, with x_i the feature of point p_i and h_t the top hidden state (Eq. 2 and 3):

    s_t = X h_t        a_t = softmax(s_t)        q_t = P^T a_t
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

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


class Tape(NamedTuple):
    """The results of m steps: ``generated`` points (B, m, 3), the upper layer's ``hidden`` states (B, m, D).

    The other fields are for the backward; if none will follow, they hold the scratch memory of one step.
    ``attention`` is (B, m, N), and ``lower`` (B, m, D) are the lower layer's hidden states. The activated
    ``gates`` (2, B, m, 4, D) and the cell states ``cells`` (2, B, m + 1, D) have both layers on their first
    axis; the first cell state is the initial one.
    """

    generated: Tensor
    hidden: Tensor
    attention: Tensor
    lower: Tensor
    gates: Tensor
    cells: Tensor


class Gradients(NamedTuple):
    """The gradients of the generated ``points`` (B, m, 3), the ``scores`` (B, m, N), the pre-activations of
    both layers' ``gates`` (2, B, m, 4D), and the initial cell ``state`` (B, D)."""

    points: Tensor
    scores: Tensor
    gates: Tensor
    state: Tensor


class Loop(NamedTuple):
    """One version of the loop. ``run(features, points, state, weights, m, keep=)`` generates a tape, and
    ``back_through(features, points, weights, tape, d_generated, d_hidden)`` needs one made with ``keep``."""

    run: Callable[..., Tape]
    back_through: Callable[..., Gradients]


def new_tape(features: Tensor, m: int, *, keep: bool, by_step: bool = False) -> Tape:
    """Allocate a tape for ``features`` (B, N, D). Without ``keep`` all steps share the memory of one step.

    With ``by_step``, gates and cell states are contiguous in memory for each step instead of each cloud.
    """
    batch, n, size = features.shape
    rows = m if keep else 1
    return Tape(
        generated=features.new_empty(batch, m, 3),
        hidden=features.new_empty(batch, m, size),
        attention=features.new_empty(batch, rows, n),
        lower=features.new_empty(batch, rows, size),
        gates=features.new_empty(2, rows, batch, 4, size).transpose(1, 2)
        if by_step
        else features.new_empty(2, batch, rows, 4, size),
        cells=features.new_empty(2, rows + 1, batch, size).transpose(1, 2)
        if by_step
        else features.new_empty(2, batch, rows + 1, size),
    )


def jacobians(attention: Tensor, features: Tensor, points: Tensor, generated: Tensor) -> Tensor:
    """J_t = X^T diag(a_t) (P - q_t): (B, m, N), (B, N, D), (B, N, 3), (B, m, 3) -> (B, m, D, 3)."""
    mean = torch.bmm(attention, features)
    axes = [torch.bmm(attention, features * axis[..., None]) for axis in points.unbind(-1)]
    return torch.stack(axes, dim=-1) - mean[..., None] * generated[:, :, None]


def score_gradient(tape: Tape, points: Tensor, d_points: Tensor) -> Tensor:
    """ds_t = a_t * ((P - q_t) dq_t) for all steps, as (B, m, N)."""
    d_scores = torch.bmm(d_points, points.transpose(1, 2))
    return d_scores.sub_((tape.generated * d_points).sum(-1, keepdim=True)).mul_(tape.attention)

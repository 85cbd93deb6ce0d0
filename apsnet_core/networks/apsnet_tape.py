"""What the ways to run APSNet's loop share: its weights, what it leaves behind, what its way back gives.

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
    """What m steps leave behind: ``generated`` points (B, m, 3), ``hidden`` states (B, m, D), the upper's.

    The rest is for the backward; where that is not to come it is the scratch of a single step. ``attention``
    (B, m, N); ``lower`` (B, m, D), the lower layer's hidden states; of both layers (first axis) the activated
    ``gates`` (2, B, m, 4, D) and the ``cells`` (2, B, m + 1, D), the first of them the state before step 1.
    """

    generated: Tensor
    hidden: Tensor
    attention: Tensor
    lower: Tensor
    gates: Tensor
    cells: Tensor


class Gradients(NamedTuple):
    """Of the ``points`` as generated (B, m, 3), the ``scores`` (B, m, N), the pre-activations of both layers'
    ``gates`` (2, B, m, 4D), and the first cell ``state`` (B, D)."""

    points: Tensor
    scores: Tensor
    gates: Tensor
    state: Tensor


class Loop(NamedTuple):
    """A way to run the loop. ``run(features, points, state, weights, m, keep=)`` generates; without ``keep``
    its tape is of no use to ``back_through(features, points, weights, tape, d_generated, d_hidden)``."""

    run: Callable[..., Tape]
    back_through: Callable[..., Gradients]


def new_tape(features: Tensor, m: int, *, keep: bool, by_step: bool = False) -> Tape:
    """An empty tape for ``features`` (B, N, D); without ``keep`` a step's memory is used again and again.

    ``by_step``: what a step leaves of gates and cells lies together in memory, not what a cloud does.
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
    """ds_t = a_t * ((P - q_t) dq_t), all steps at once: (B, m, N)."""
    d_scores = torch.bmm(d_points, points.transpose(1, 2))
    return d_scores.sub_((tape.generated * d_points).sum(-1, keepdim=True)).mul_(tape.attention)

"""Completion of generated points to a given number, and matching of them to points of the cloud."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.farthest_point import complete_selection
from apsnet_core.ops.matching import match_with_origins


def completed(generated: Tensor, points: Tensor, m: int) -> Tensor:
    """Complete generated points (1, k, 3) to (1, m, 3) by farthest point sampling of the cloud (1, n, 3)."""
    both = torch.cat([generated, points], dim=1)
    taken = torch.arange(generated.shape[1])[None]
    rows = complete_selection(both, taken, torch.tensor([generated.shape[1]]), m)
    return both[:, rows[0]]


def matched_rows(generated: Tensor, points: Tensor, m: int) -> Tensor:
    """The indices (B, m) of `match`, completed by farthest point sampling if fewer than m were generated."""
    return matched(generated, points, m)[0]


def matched(generated: Tensor, points: Tensor, m: int) -> tuple[Tensor, Tensor]:
    """Return the indices of `matched_rows`, and which generated points (B, k) the first k of them replace."""
    rows, origins = match_with_origins(generated, points)
    if rows.shape[1] < m:
        rows = complete_selection(points, rows, torch.full((len(rows),), rows.shape[1]), m)
    return rows, origins

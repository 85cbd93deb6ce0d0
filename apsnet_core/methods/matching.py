"""Generated points brought to the number asked for, and to points of the cloud."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.farthest_point import complete_selection
from apsnet_core.ops.matching import match_with_origins


def completed(generated: Tensor, points: Tensor, m: int) -> Tensor:
    """Generated points (1, k, 3), then those of the cloud (1, n, 3) farthest from all taken: (1, m, 3)."""
    both = torch.cat([generated, points], dim=1)
    taken = torch.arange(generated.shape[1])[None]
    rows = complete_selection(both, taken, torch.tensor([generated.shape[1]]), m)
    return both[:, rows[0]]


def matched_rows(generated: Tensor, points: Tensor, m: int) -> Tensor:
    """`match`, completed by farthest point sampling where fewer than m were generated: (B, m)."""
    return matched(generated, points, m)[0]


def matched(generated: Tensor, points: Tensor, m: int) -> tuple[Tensor, Tensor]:
    """The same, and which of the k generated points the first k rows stand for, (B, k)."""
    rows, origins = match_with_origins(generated, points)
    if rows.shape[1] < m:
        rows = complete_selection(points, rows, torch.full((len(rows),), rows.shape[1]), m)
    return rows, origins

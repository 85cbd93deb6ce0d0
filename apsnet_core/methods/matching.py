"""Generated points brought to the number asked for, and to points of the cloud."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops import match
from apsnet_core.ops.farthest_point import complete_selection


def completed(generated: Tensor, points: Tensor, m: int) -> Tensor:
    """Generated points (1, k, 3), then those of the cloud (1, n, 3) farthest from all taken: (1, m, 3)."""
    both = torch.cat([generated, points], dim=1)
    taken = torch.arange(generated.shape[1])[None]
    rows = complete_selection(both, taken, torch.tensor([generated.shape[1]]), m)
    return both[:, rows[0]]


def matched_rows(generated: Tensor, points: Tensor, m: int) -> Tensor:
    """`match`, completed by farthest point sampling where fewer than m were generated: (B, m)."""
    rows = match(generated, points)
    if rows.shape[1] == m:
        return rows
    return complete_selection(points, rows, torch.full((len(rows),), rows.shape[1]), m)

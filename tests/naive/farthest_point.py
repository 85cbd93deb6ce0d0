"""Farthest point sampling as it is told: look at every point, take the farthest, repeat."""

from __future__ import annotations

import torch
from torch import Tensor


def farthest_point_sample(points: Tensor, m: int, start: int = 0) -> Tensor:
    """One cloud (N, 3), m rows in order: (m,)."""
    return complete_selection(points, [start], m)


def complete_selection(points: Tensor, chosen: list[int], m: int) -> Tensor:
    """One cloud (N, 3), the rows already chosen, and as many more as make m: (m,)."""
    taken = list(chosen)
    remaining = torch.full((len(points),), torch.inf, dtype=points.dtype)
    for row in taken:
        remaining = torch.minimum(remaining, (points - points[row]).square().sum(-1))
    while len(taken) < m:
        remaining[taken] = -1.0
        row = int(remaining.argmax())
        taken.append(row)
        remaining = torch.minimum(remaining, (points - points[row]).square().sum(-1))
    return torch.tensor(taken[:m])


def in_planes(points: Tensor, m: int) -> Tensor:
    """Clouds (B, N, 3) at once, one coordinate after the other in memory: (B, m). What the bench is up to."""
    planes = points.permute(2, 0, 1).contiguous()
    each = torch.arange(len(points))
    row, remaining, rows = torch.zeros_like(each), torch.full(points.shape[:2], torch.inf), []
    for _ in range(m):
        rows.append(row)
        taken = planes[:, each, row][:, :, None]
        remaining = torch.minimum(remaining, (planes - taken).square().sum(0))
        row = remaining.argmax(1)
    return torch.stack(rows, dim=1)

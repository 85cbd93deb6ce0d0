"""Farthest point sampling by its definition: compare all points, take the farthest, repeat."""

from __future__ import annotations

import torch
from torch import Tensor


def farthest_point_sample(points: Tensor, m: int, start: int = 0) -> Tensor:
    """The rows (m,) that are sampled from one cloud (N, 3), in order."""
    return complete_selection(points, [start], m)


def complete_selection(points: Tensor, chosen: list[int], m: int) -> Tensor:
    """Complete the ``chosen`` rows of one cloud (N, 3) to m rows by farthest points: (m,)."""
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
    """The rows (B, m) for all clouds (B, N, 3) at once, with contiguous coordinates.

    This is the reference of the benchmark.
    """
    planes = points.permute(2, 0, 1).contiguous()
    each = torch.arange(len(points))
    row, remaining, rows = torch.zeros_like(each), torch.full(points.shape[:2], torch.inf), []
    for _ in range(m):
        rows.append(row)
        taken = planes[:, each, row][:, :, None]
        remaining = torch.minimum(remaining, (planes - taken).square().sum(0))
        row = remaining.argmax(1)
    return torch.stack(rows, dim=1)

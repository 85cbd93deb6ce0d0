"""Matching (Sec. 3) point by point, and with torch's operations."""

from __future__ import annotations

import torch
from torch import Tensor

from tests.naive.farthest_point import complete_selection


def match(generated: Tensor, points: Tensor) -> Tensor:
    """The rows (B, m) of points (B, N, 3) that match the generated points (B, m, 3)."""
    rows = []
    for sample, cloud in zip(generated, points, strict=True):
        kept: list[int] = []
        for point in sample:
            index = int((cloud - point).square().sum(-1).argmin())
            if index not in kept:
                kept.append(index)
        rows.append(complete_selection(cloud, kept, len(sample)))
    return torch.stack(rows)


def by_cdist(generated: Tensor, points: Tensor) -> Tensor:
    """The rows (B, m) for all clouds at once, by ``torch.cdist`` and then as in `in_planes`.

    This is the reference of the benchmark.
    """
    nearest = torch.cdist(generated, points).argmin(2)
    kept = [list(dict.fromkeys(rows)) for rows in nearest.tolist()]
    remaining = torch.stack(
        [torch.cdist(c, c[rows]).amin(1).square() for c, rows in zip(points, kept, strict=True)]
    )
    for left, rows in zip(remaining, kept, strict=True):
        left[rows] = -1.0
    planes, each = points.permute(2, 0, 1).contiguous(), torch.arange(len(points))
    filled = []
    for _ in range(generated.shape[1] - min(map(len, kept))):
        row = remaining.argmax(1)
        filled.append(row)
        taken = planes[:, each, row][:, :, None]
        remaining = torch.minimum(remaining, (planes - taken).square().sum(0))
        remaining[each, row] = -1.0
    rest = torch.stack(filled, 1).tolist() if filled else [[] for _ in kept]
    return torch.tensor([(rows + more)[: generated.shape[1]] for rows, more in zip(kept, rest, strict=True)])

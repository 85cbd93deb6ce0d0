"""Matching (Sec. 3), cloud by cloud: point by point, and by the operations of torch."""

from __future__ import annotations

import torch
from torch import Tensor

from tests.naive.farthest_point import complete_selection


def match(generated: Tensor, points: Tensor) -> Tensor:
    """(B, m, 3) and (B, N, 3) give (B, m)."""
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
    """The same (B, m), from one matrix of distances a cloud. What the bench is up to."""
    rows = []
    for sample, cloud in zip(generated, points, strict=True):
        kept = list(dict.fromkeys(torch.cdist(sample, cloud).argmin(1).tolist()))
        planes = cloud.T.contiguous()
        remaining = torch.cdist(cloud, cloud[kept]).amin(1).square()
        remaining[kept] = -1.0
        while len(kept) < len(sample):
            kept.append(int(remaining.argmax()))
            squared = (planes - planes[:, kept[-1], None]).square().sum(0)
            remaining = torch.minimum(remaining, squared)
            remaining[kept[-1]] = -1.0
        rows.append(torch.tensor(kept))
    return torch.stack(rows)

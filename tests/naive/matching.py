"""Matching (Sec. 3), cloud by cloud and point by point."""

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

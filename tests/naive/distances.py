"""Distances by comparing all pairs."""

from __future__ import annotations

import torch
from torch import Tensor


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """The squared distances (B, N, M) of (B, N, 3) and (B, M, 3), computed from all differences."""
    return (a.unsqueeze(2) - b.unsqueeze(1)).square().sum(-1)


def nearest(queries: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """The squared distance to the nearest point and its index, (B, N) each, for (B, N, 3) and (B, M, 3)."""
    squared, index = squared_distances(queries, points).min(-1)
    return squared, index


def chamfer_distance(a: Tensor, b: Tensor) -> Tensor:
    """The Chamfer distance (B,), Eq. 5 in both directions."""
    pairs = squared_distances(a, b)
    return pairs.amin(2).mean(1) + pairs.amin(1).mean(1)


def chamfer_by_cdist(a: Tensor, b: Tensor) -> Tensor:
    """The Chamfer distance (B,) with ``torch.cdist``, the reference of the benchmark."""
    pairs = torch.cdist(a, b).square()
    return pairs.amin(2).mean(1) + pairs.amin(1).mean(1)

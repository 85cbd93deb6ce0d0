"""Distances, one pair at a time."""

from __future__ import annotations

import torch
from torch import Tensor


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """(B, N, 3) and (B, M, 3) give (B, N, M): every difference is formed."""
    return (a.unsqueeze(2) - b.unsqueeze(1)).square().sum(-1)


def nearest(queries: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """(B, N, 3) and (B, M, 3) give squared distance and index, (B, N) each."""
    squared, index = squared_distances(queries, points).min(-1)
    return squared, index


def chamfer_distance(a: Tensor, b: Tensor) -> Tensor:
    """Eq. 5 both ways, (B,)."""
    pairs = squared_distances(a, b)
    return pairs.amin(2).mean(1) + pairs.amin(1).mean(1)


def chamfer_by_cdist(a: Tensor, b: Tensor) -> Tensor:
    """The same (B,), from torch's own distances. What the bench is up to."""
    pairs = torch.cdist(a, b).square()
    return pairs.amin(2).mean(1) + pairs.amin(1).mean(1)

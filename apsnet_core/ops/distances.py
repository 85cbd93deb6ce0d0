"""Squared distances between two batches of points, and the nearest point of each."""

from __future__ import annotations

from importlib.util import find_spec

import torch
from torch import Tensor

# Pairs held at once while searching: 2^22 float32 are 16 MB, whatever the size of the clouds.
_PAIRS_AT_ONCE = 1 << 22


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """Squared distance of every point of ``a`` (B, N, 3) to every point of ``b`` (B, M, 3): (B, N, M), >= 0.

    Differentiable. ``ValueError`` if the shapes do not fit.
    """
    _check(a, b)
    # The expanded form |a|^2 - 2ab + |b|^2 loses its digits far from the origin, and goes below zero.
    centre = a.detach().mean(dim=1, keepdim=True)
    a, b = a - centre, b - centre
    norms = a.square().sum(-1).unsqueeze(2) + b.square().sum(-1).unsqueeze(1)
    return torch.baddbmm(norms, a, b.transpose(1, 2), alpha=-2.0).clamp_min(0.0)


def nearest(queries: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """Squared distance to, and index of, the nearest of ``points`` (B, M, 3) for each query (B, N, 3).

    Returns (B, N) and (B, N) int64. Differentiable in the distance, whose gradient flows to both clouds.
    Needs memory for a few million pairs, however large the clouds. ``ValueError`` if the shapes do not fit.
    """
    _check(queries, points)
    with torch.no_grad():
        index = nearest_index(queries.detach(), points.detach())
    # The distance is taken afresh from the pairs found: exact, never negative, and its graph is (B, N, 3).
    found = points.gather(1, index.unsqueeze(-1).expand(-1, -1, 3))
    return (queries - found).square().sum(-1), index


def nearest_index(queries: Tensor, points: Tensor) -> Tensor:
    """Index (B, N) int64 of the nearest of ``points`` (B, M, 3) for each of ``queries`` (B, N, 3)."""
    if points.is_cuda and points.dtype == torch.float32 and find_spec("triton"):
        from apsnet_core.ops.nearest_gpu import nearest_index_gpu

        return nearest_index_gpu(queries, points)
    rows = max(1, _PAIRS_AT_ONCE // (points.shape[0] * points.shape[1]))
    return torch.cat([squared_distances(part, points).argmin(-1) for part in queries.split(rows, dim=1)], dim=1)


def _check(a: Tensor, b: Tensor) -> None:
    if a.ndim != 3 or b.ndim != 3 or a.shape[-1] != 3 or b.shape[-1] != 3 or len(a) != len(b):
        raise ValueError(f"two batches (B, N, 3) and (B, M, 3) are needed, not {tuple(a.shape)} and {tuple(b.shape)}")
    if 0 in a.shape or 0 in b.shape:
        raise ValueError(f"a cloud without points has no distances: {tuple(a.shape)} and {tuple(b.shape)}")

"""Squared distances between two batches of points, and nearest neighbours."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.kernels import can_use_kernel
from apsnet_core.ops.nearest_cpu import nearest_index_cpu

# The number of pairs formed at once on a device that has no kernel of its own.
_PAIRS = 1 << 24


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """The squared distances (B, N, M), >= 0, of the points of ``a`` (B, N, 3) to those of ``b`` (B, M, 3).

    Differentiable. Computed at least in single precision, also under autocast, because 16 bits would change
    the nearest points. Raises ValueError if the shapes do not fit.
    """
    _check(a, b)
    dtype = torch.promote_types(torch.promote_types(a.dtype, b.dtype), torch.float32)
    with torch.autocast(a.device.type, enabled=False):
        return _squared_distances(a.to(dtype), b.to(dtype))


def _squared_distances(a: Tensor, b: Tensor) -> Tensor:
    # The expanded form |a|^2 - 2ab + |b|^2 loses precision far from the origin, and can fall below zero.
    centre = a.detach().mean(dim=1, keepdim=True)
    a, b = a - centre, b - centre
    product = torch.baddbmm(b.square().sum(-1).unsqueeze(1), a, b.transpose(1, 2), alpha=-2.0)
    return product.add_(a.square().sum(-1).unsqueeze(2)).clamp_min_(0.0)


def nearest(queries: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """Find the nearest of ``points`` (B, M, 3) to each of ``queries`` (B, N, 3).

    Returns the squared distances (B, N) and the indices (B, N) int64; ties go to the lowest index. The
    distances are differentiable for both clouds. The search needs only a few megabytes for clouds of any
    size. Raises ValueError if the shapes do not fit.

    >>> distance, index = nearest(torch.tensor([[[1.0, 0, 0]]]), torch.tensor([[[5.0, 0, 0], [3.0, 0, 0]]]))
    >>> distance.tolist(), index.tolist()
    ([[4.0]], [[1]])
    """
    _check(queries, points)
    index = nearest_index(queries, points)
    # Recomputed from the pairs found, the distance is exact, and its graph holds (B, N, 3), not (B, N, M).
    found = points.gather(1, index.unsqueeze(-1).expand(-1, -1, 3))
    return (queries - found).square().sum(-1), index


def nearest_index(queries: Tensor, points: Tensor) -> Tensor:
    """The index (B, N) int64 of the nearest of ``points`` (B, M, 3) to each of ``queries`` (B, N, 3).

    Ties go to the lowest index. Half precision is converted to single.
    """
    dtype = torch.promote_types(torch.promote_types(queries.dtype, points.dtype), torch.float32)
    queries, points = queries.detach().to(dtype), points.detach().to(dtype)
    if points.is_cpu:
        return torch.from_numpy(nearest_index_cpu(queries.numpy(), points.numpy()))
    if can_use_kernel(points):
        from apsnet_core.ops.nearest_gpu import nearest_index_gpu

        return nearest_index_gpu(queries, points)
    return nearest_by_pairs(queries, points)


def nearest_by_pairs(queries: Tensor, points: Tensor) -> Tensor:
    """`nearest_index` on any device, computed from the differences of all pairs, in parts."""
    rows = max(1, _PAIRS // (points.shape[0] * points.shape[1]))
    parts = torch.split(queries, rows, dim=1)
    differences = (part.unsqueeze(2) - points.unsqueeze(1) for part in parts)
    return torch.cat([difference.square().sum(-1).argmin(-1) for difference in differences], dim=1)


def _check(a: Tensor, b: Tensor) -> None:
    if a.ndim != 3 or b.ndim != 3 or a.shape[-1] != 3 or b.shape[-1] != 3 or len(a) != len(b):
        raise ValueError(f"needs batches (B, N, 3) and (B, M, 3), not {tuple(a.shape)} and {tuple(b.shape)}")
    if 0 in a.shape or 0 in b.shape:
        raise ValueError(f"a cloud without points has no distances: {tuple(a.shape)} and {tuple(b.shape)}")

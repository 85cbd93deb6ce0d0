"""Squared distances between two batches of points, and the nearest point of each."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.kernels import can_use_kernel
from apsnet_core.ops.threads import one_thread

# Pairs looked at in one go: on a CPU half a megabyte, which stays in the cache; on a GPU enough to fill it.
_PAIRS_CPU = 1 << 17
_PAIRS_GPU = 1 << 24


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """Squared distance of every point of ``a`` (B, N, 3) to every point of ``b`` (B, M, 3): (B, N, M), >= 0.

    Differentiable. ``ValueError`` if the shapes do not fit.
    """
    _check(a, b)
    # The expanded form |a|^2 - 2ab + |b|^2 loses its digits far from the origin, and can fall below zero.
    centre = a.detach().mean(dim=1, keepdim=True)
    a, b = a - centre, b - centre
    product = torch.baddbmm(b.square().sum(-1).unsqueeze(1), a, b.transpose(1, 2), alpha=-2.0)
    return product.add_(a.square().sum(-1).unsqueeze(2)).clamp_min_(0.0)


def nearest(queries: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest of ``points`` (B, M, 3) for each of ``queries`` (B, N, 3): squared distance and index.

    Returns (B, N) and (B, N) int64; ties go to the lowest index. Differentiable: the gradient flows to both
    clouds. The search needs a few megabytes, however large they are. ``ValueError`` if the shapes do not fit.
    """
    _check(queries, points)
    index = nearest_index(queries.detach(), points.detach())
    # Taken afresh from the pairs found, the distance is exact and its graph (B, N, 3), not (B, N, M).
    found = points.gather(1, index.unsqueeze(-1).expand(-1, -1, 3))
    return (queries - found).square().sum(-1), index


def nearest_index(queries: Tensor, points: Tensor) -> Tensor:
    """Index (B, N) int64 of the nearest of ``points`` (B, M, 3) for each of ``queries`` (B, N, 3).

    Ties go to the lowest index: differences are squared and summed axis by axis, equal to the last bit for
    equal points.
    """
    if can_use_kernel(queries) and can_use_kernel(points):
        from apsnet_core.ops.nearest_gpu import nearest_index_gpu

        return nearest_index_gpu(queries, points)
    batch, n, _ = queries.shape
    m = points.shape[1]
    dtype = torch.promote_types(torch.promote_types(queries.dtype, points.dtype), torch.float32)
    of_query = queries.to(dtype).permute(2, 0, 1).contiguous().unsqueeze(-1)
    of_point = points.to(dtype).permute(2, 0, 1).contiguous().unsqueeze(-2)
    index = torch.empty(batch, n, dtype=torch.long, device=queries.device)

    pairs = _PAIRS_GPU if index.is_cuda else _PAIRS_CPU
    rows = min(n, max(1, pairs // m))
    clouds = min(batch, max(1, pairs // (rows * m)))
    buffers = of_query.new_empty(2, clouds, rows, m)
    with one_thread():
        for b in range(0, batch, clouds):
            for i in range(0, n, rows):
                tile = index[b : b + clouds, i : i + rows]
                total, square = buffers[:, : tile.shape[0], : tile.shape[1]]
                query, point = of_query[:, b : b + clouds, i : i + rows], of_point[:, b : b + clouds]
                for axis, into in enumerate((total, square, square)):
                    torch.sub(query[axis], point[axis], out=into)
                    into.mul_(into)
                    if axis:
                        total.add_(square)
                _argmin(total, tile)
    return index


def _argmin(values: Tensor, into: Tensor) -> None:
    """Lowest index of the smallest along the last axis; on a CPU numpy is many times faster than torch."""
    if values.is_cpu:
        values.numpy().argmin(-1, out=into.numpy())
    else:
        into.copy_(values.argmin(-1))


def _check(a: Tensor, b: Tensor) -> None:
    if a.ndim != 3 or b.ndim != 3 or a.shape[-1] != 3 or b.shape[-1] != 3 or len(a) != len(b):
        raise ValueError(f"needs batches (B, N, 3) and (B, M, 3), not {tuple(a.shape)} and {tuple(b.shape)}")
    if 0 in a.shape or 0 in b.shape:
        raise ValueError(f"a cloud without points has no distances: {tuple(a.shape)} and {tuple(b.shape)}")

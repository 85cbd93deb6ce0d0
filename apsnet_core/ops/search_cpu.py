"""Nearest and farthest point search on a CPU with compiled kernels, distributed over the caller's threads."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from apsnet_core.cloud import Float32, Int64
from apsnet_core.ops.compiled import Kernels
from apsnet_core.ops.threads import share_compiled
from apsnet_core.types import Array

# Loading the kernels pays off after this many distances.
_WORTH = 1 << 30
# Distances that one thread computes at a time, in some tenths of a millisecond.
_PART = 1 << 21

KERNELS = Kernels("apsnet_core.ops.search_kernels", _WORTH)


def search_kernels(points: Array, pairs: int) -> ModuleType | None:
    """Return the kernels if they support ``points`` and the number of ``pairs`` is worth loading them."""
    return KERNELS.for_work(pairs) if points.dtype == np.float32 else None


def nearest_index_compiled(kernels: ModuleType, queries: Float32, points: Float32) -> Int64:
    """Do the work of `apsnet_core.ops.nearest_cpu.nearest_index_cpu` in single precision."""
    (batch, n, _), m = queries.shape, points.shape[1]
    index = np.empty((batch, n), dtype=np.int64)
    from_planes, to_planes = (np.ascontiguousarray(each.transpose(0, 2, 1)) for each in (queries, points))
    rows = max(1, _PART // m)

    def search(part: tuple[int, int]) -> None:
        for b in range(part[0], min(part[0] + clouds, batch)):
            of = slice(part[1], part[1] + rows)
            kernels.nearest(from_planes[b, :, of], to_planes[b], index[b, of])

    clouds = max(1, rows // n)
    share_compiled(search, [(b, first) for b in range(0, batch, clouds) for first in range(0, n, rows)])
    return index


def farthest_compiled(
    kernels: ModuleType, planes: Float32, chosen: Int64, count: Int64, m: int
) -> Int64:  # fmt: skip
    """Select the indices (B, m) of the clouds ``planes`` (3, B, N) by farthest point sampling.

    They begin with the first ``count`` (B,) of ``chosen`` (B, k).
    """
    _, batch, n = planes.shape
    picks = np.empty((batch, m), dtype=np.int64)
    clouds = max(1, _PART // (n * m))

    def search(first: int) -> None:
        for b in range(first, min(first + clouds, batch)):
            remaining = np.full(n, np.inf, np.float32)
            cloud = np.ascontiguousarray(planes[:, b])
            kernels.farthest(cloud, remaining, chosen[b], count[b], picks[b])

    share_compiled(search, range(0, batch, clouds))
    return picks

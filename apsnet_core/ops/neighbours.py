"""The nearest neighbours of the points of one cloud, block by block, and local planes fitted to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.spatial import cKDTree

from apsnet_core.ops.planes_cpu import KERNELS, Planes, fit_planes
from apsnet_core.types import Float32, Float64, Foreign, Int64, Progress

_BLOCK = 1 << 16  # points whose neighbours are in memory at once
_FITTED = 1 << 11  # points to which a thread fits planes at once
_ASKED = 1 << 18  # queries between two progress reports


def neighbour_tree(points: Float32) -> Foreign:
    """SciPy's k-d tree of ``points`` (n, 3), unbalanced, so that equal points do not make it deep."""
    return cKDTree(points, balanced_tree=False, compact_nodes=True)


class _Nearest:
    """A search for the ``k`` nearest of ``points`` (n, 3). In ``order`` (n,), near points follow each other.

    Of many points at one place, it keeps only as many as a result can contain, because each query there
    would have to check all of them.
    """

    def __init__(self, points: Float32, k: int) -> None:
        self._k = np.arange(1, k + 1)
        # The indices of the tree's points, if some points were left out; the last entry, n, means none.
        self._rows: Int64 | None = None
        self._tree = neighbour_tree(points)
        self.order: Int64 = np.asarray(self._tree.indices)
        # If more points are equal than a leaf should hold, they have a leaf of their own, one after another.
        most = max(k, int(self._tree.leafsize))
        again = np.ones(max(len(points) - most, 0), dtype=np.bool_)
        for axis in points.T:
            along = axis[self.order]
            again &= along[most:] == along[:-most]
        if again.any():
            rows = np.sort(np.delete(self.order, most + np.flatnonzero(again)))
            self._tree = neighbour_tree(points[rows])
            self._rows = np.append(rows, len(points))

    def of(self, queries: Float32, bound: float = np.inf, workers: int = 1) -> tuple[Float64, Int64]:
        """Return distances and indices (q, k), nearest first; inf and n for none nearer than ``bound``."""
        distance, index = self._tree.query(queries, self._k, distance_upper_bound=bound, workers=workers)
        return distance, index if self._rows is None else self._rows[index]


def neighbours(
    points: Float32,
    k: int,
    *,
    within: float = np.inf,
    tell: Progress | None = None,
) -> Iterator[tuple[slice, Float64, Int64]]:
    """Find the ``k`` nearest neighbours of each of ``points`` (n, 3), including itself, nearest first.

    Yields for each block its slice of rows, the distances (b, k) and the indices (b, k). Missing neighbours,
    and those not nearer than ``within``, have distance inf and index n. Runs on all cores, with one block in
    memory at a time.
    """
    nearest = _Nearest(points, k)
    for start in range(0, len(points), _BLOCK):
        rows = slice(start, min(start + _BLOCK, len(points)))
        distance, index = nearest.of(points[rows], within, _workers())
        yield rows, distance, index
        if tell is not None:
            tell(rows.stop / len(points))


def nearest_of(
    points: Float32, queries: Float32, within: float = np.inf, tell: Progress | None = None
) -> tuple[Float64, Int64]:
    """Find the nearest of ``points`` (n, 3) to each of ``queries`` (q, 3).

    Returns the distances and the indices, (q,) each: inf and n where no point is ``within`` that distance.
    """
    bound = np.nextafter(within, np.inf)  # a point exactly at the distance ``within`` counts
    nearest = _Nearest(points, 1)
    distance, index = np.empty(len(queries)), np.empty(len(queries), dtype=np.int64)
    for start in range(0, len(queries), _ASKED):
        rows = slice(start, min(start + _ASKED, len(queries)))
        found = nearest.of(queries[rows], bound, _workers())
        distance[rows], index[rows] = found[0][:, 0], found[1][:, 0]
        if tell is not None:
            tell(rows.stop / len(queries))
    return distance, index


def spacing(points: Float32, seed: int = 0, quantile: float = 0.5) -> float:
    """The point spacing: the median, or another ``quantile``, of the nearest-neighbour distances.

    Points at the same place do not count as neighbours. For a large cloud, the distances of a random subset
    are used. Returns 0 if all points are equal.
    """
    nearest = _Nearest(points, min(len(points), 8))
    asked = (
        points
        if len(points) <= _BLOCK
        else points[np.random.default_rng(seed).integers(len(points), size=_BLOCK)]
    )
    distance, _ = nearest.of(asked, workers=_workers())
    apart = np.where(distance > 0, distance, np.inf).min(axis=1)
    apart = apart[np.isfinite(apart)]
    return float(np.quantile(apart, quantile)) if len(apart) else 0.0


def local_planes(
    points: Float32, k: int = 16, *, tell: Progress | None = None
) -> tuple[Float32, Float32, Float32]:
    """Fit a plane to the ``k`` points around each of ``points`` (n, 3).

    Returns normals, variation and thickness. The normals (n, 3) have length 1 and an arbitrary sign.
    ``variation`` (n,) is the surface variation of Pauly et al. (2002), the share of the neighbours' variance
    along the normal: 0 on a plane, 1/3 if there is no preferred direction. ``thickness`` (n,) is the standard
    deviation along the normal, in units of the points.
    """
    normals = np.zeros((len(points), 3), dtype=np.float32)
    variation, thickness = np.zeros(len(points), np.float32), np.zeros(len(points), np.float32)
    if len(points) < 3:
        normals[:] = (0, 0, 1)
        return normals, variation, thickness
    nearest = _Nearest(points, min(k, len(points)))
    order = nearest.order  # nearby points have common neighbours, which then stay in the cache

    planes, kernels = Planes(normals, variation, thickness), KERNELS.for_work(len(points))

    def fit(start: int) -> int:
        rows = order[start : start + _FITTED]
        _, index = nearest.of(points[rows])
        fit_planes(points, rows, index, planes, kernels)
        return min(start + _FITTED, len(points))

    threads = _workers() if _workers() > 0 else os.cpu_count()
    with ThreadPoolExecutor(threads, "planes") as some:
        for done in some.map(fit, range(0, len(points), _FITTED)):
            if tell is not None:
                tell(done / len(points))
    return normals, variation, thickness


def _workers() -> int:
    """The number of threads the process may use, -1 for all. A worker process of a batch has one."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else -1

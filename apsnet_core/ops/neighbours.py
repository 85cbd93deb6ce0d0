"""The nearest neighbours of every point of one cloud, block after block, and what they say of its surface."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.spatial import cKDTree

from apsnet_core.ops.planes_cpu import KERNELS, Planes, fit_planes
from apsnet_core.types import Float32, Float64, Foreign, Int64, Progress

_BLOCK = 1 << 16  # points whose neighbours are held at once
_FITTED = 1 << 11  # points to which a thread fits planes at once
_ASKED = 1 << 18  # points asked for their nearest between two reports


def neighbour_tree(points: Float32) -> Foreign:
    """SciPy's k-d tree of ``points`` (n, 3), balanced nowhere: equal points do not make it deep."""
    return cKDTree(points, balanced_tree=False, compact_nodes=True)


class _Nearest:
    """Finds the ``k`` nearest of ``points`` (n, 3); ``order`` (n,) has neighbours one after another.

    Of many points at one place it knows no more than an answer holds: each query there would go through all.
    """

    def __init__(self, points: Float32, k: int) -> None:
        self._k = np.arange(1, k + 1)
        self._rows: Int64 | None = None  # of the tree's points, where they are not all; last, what is missing
        self._tree = neighbour_tree(points)
        self.order: Int64 = np.asarray(self._tree.indices)
        # More equal points than a leaf should hold have a leaf of their own, and follow each other.
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
        """Distances and indices (q, k), nearest first; inf and n for what is not nearer than ``bound``."""
        distance, index = self._tree.query(queries, self._k, distance_upper_bound=bound, workers=workers)
        return distance, index if self._rows is None else self._rows[index]


def neighbours(
    points: Float32,
    k: int,
    *,
    within: float = np.inf,
    tell: Progress | None = None,
) -> Iterator[tuple[slice, Float64, Int64]]:
    """The ``k`` nearest points of each of ``points`` (n, 3), itself among them, nearest first.

    Yields for one block of rows after another the rows, distances (b, k) and indices (b, k). What is missing,
    or not ``within`` that distance, is inf and n. On all cores; of memory a block at a time.
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
    """The nearest of ``points`` (n, 3) to each of ``queries`` (q, 3): distances and indices, (q,) each.

    Where none lies ``within`` that distance they are inf and n.
    """
    bound = np.nextafter(within, np.inf)  # what lies exactly on the bound counts
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
    """How far apart neighbours are: the median distance of a point to its nearest other place.

    Another ``quantile`` of these distances where it is given. Of a large cloud, of some of its points. 0
    where all points are one.
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
    """The plane through the ``k`` points around each of ``points`` (n, 3): normal, variation, thickness.

    The normals (n, 3) have length 1, and either side. ``variation`` (n,) is the surface variation of Pauly et
    al. (2002): the share of the neighbours' spread that is off the plane, 0 on a plane, 1/3 where there is
    none. ``thickness`` (n,) is their standard deviation off it, in units of the points.
    """
    normals = np.zeros((len(points), 3), dtype=np.float32)
    variation, thickness = np.zeros(len(points), np.float32), np.zeros(len(points), np.float32)
    if len(points) < 3:
        normals[:] = (0, 0, 1)
        return normals, variation, thickness
    nearest = _Nearest(points, min(k, len(points)))
    order = nearest.order  # what neighbours share stays in the cache

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
    """As many threads as the process may use: a worker of many files has one."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else -1

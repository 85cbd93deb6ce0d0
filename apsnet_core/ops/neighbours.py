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
    """SciPy's k-d tree of ``points`` (n, 3), balanced nowhere: equal points do not make it deep or slow."""
    return cKDTree(points, balanced_tree=False, compact_nodes=True)


def neighbours(
    points: Float32,
    k: int,
    *,
    within: float = np.inf,
    tree: Foreign = None,
    tell: Progress | None = None,
) -> Iterator[tuple[slice, Float64, Int64]]:
    """The ``k`` nearest points of each of ``points`` (n, 3), itself among them, nearest first.

    Yields for one block of rows after another the rows, distances (b, k) and indices (b, k). What is missing,
    or not ``within`` that distance, is inf and n. On all cores; of memory a block at a time.
    """
    tree = neighbour_tree(points) if tree is None else tree
    for start in range(0, len(points), _BLOCK):
        rows = slice(start, min(start + _BLOCK, len(points)))
        distance, index = tree.query(
            points[rows], np.arange(1, k + 1), distance_upper_bound=within, workers=_workers()
        )
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
    tree = neighbour_tree(points)
    distance, index = np.empty(len(queries)), np.empty(len(queries), dtype=np.int64)
    for start in range(0, len(queries), _ASKED):
        rows = slice(start, min(start + _ASKED, len(queries)))
        distance[rows], index[rows] = tree.query(
            queries[rows], distance_upper_bound=bound, workers=_workers()
        )
        if tell is not None:
            tell(rows.stop / len(queries))
    return distance, index


def spacing(points: Float32, seed: int = 0, quantile: float = 0.5) -> float:
    """How far apart neighbours are: the median distance of a point to its nearest other place.

    Another ``quantile`` of these distances where it is given. Of a large cloud, of some of its points. 0
    where all points are one.
    """
    tree = neighbour_tree(points)
    asked = (
        points
        if len(points) <= _BLOCK
        else points[np.random.default_rng(seed).integers(len(points), size=_BLOCK)]
    )
    distance, _ = tree.query(asked, np.arange(1, min(len(points), 8) + 1), workers=_workers())
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
    tree = neighbour_tree(points)
    order = np.asarray(tree.indices)  # neighbours one after another: what they share stays in the cache

    planes, kernels = Planes(normals, variation, thickness), KERNELS.for_work(len(points))

    def fit(start: int) -> int:
        rows = order[start : start + _FITTED]
        _, index = tree.query(points[rows], np.arange(1, min(k, len(points)) + 1))
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

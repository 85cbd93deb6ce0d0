"""Cluster points by DBSCAN, and thin large scans so that clustering them is fast."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from apsnet_core.ops.neighbours import nearest_of, neighbour_tree
from apsnet_core.types import Float32, Int64, Progress

NONE = -1
"""The label of points that are in no cluster."""

_MOST = 400_000  # points of a thinned copy


def dbscan(
    points: Float32, reach: float, least: int = 4, weights: Int64 | None = None, tell: Progress | None = None
) -> Int64:
    """The cluster (n,) of each of ``points`` (n, 3) by DBSCAN (Ester et al., 1996); the largest is 0.

    A point with at least ``least`` points within ``reach``, including itself, is a core point. Core points
    within reach of each other, and other points within reach of one of them, form a cluster. A point between
    two clusters joins its nearest core point. Points in no cluster are `NONE`. ``weights`` (n,) are the
    numbers of points that each point represents. Raises ValueError for a reach that is not above 0 or a
    ``least`` below 1.
    """
    if not 0 < reach < np.inf or least < 1:
        raise ValueError(f"clusters need a reach above 0 and at least 1 point: not {reach:g} and {least}")
    n = len(points)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    tree = neighbour_tree(points)
    weights = np.ones(n, dtype=np.int64) if weights is None else weights
    pairs = tree.query_pairs(reach, output_type="ndarray")
    held = weights.astype(np.int64)
    held += np.bincount(pairs[:, 0], weights[pairs[:, 1]], n).astype(np.int64)
    held += np.bincount(pairs[:, 1], weights[pairs[:, 0]], n).astype(np.int64)
    if tell is not None:
        tell(0.6)
    core = held >= least
    linked = pairs[core[pairs[:, 0]] & core[pairs[:, 1]]]
    graph = coo_array((np.ones(len(linked), np.bool_), (linked[:, 0], linked[:, 1])), shape=(n, n))
    _, component = connected_components(graph, directed=False)
    found = np.where(core, component, NONE).astype(np.int64)
    edge = np.flatnonzero(~core)
    if len(edge) and core.any():
        cores = np.flatnonzero(core)
        distance, nearest = nearest_of(points[core], points[edge], reach)
        near = np.isfinite(distance)
        found[edge[near]] = component[cores[nearest[near]]]
    return by_size(found, weights)


def by_size(clusters: Int64, weights: Int64 | None = None, least: int = 1) -> Int64:
    """``clusters`` (n,) renumbered by size; the largest is 0.

    Clusters with fewer than ``least`` points become `NONE`. Clusters of equal size are in the order of their
    first points.
    """
    there = clusters != NONE
    found, first, number = np.unique(clusters[there], return_index=True, return_inverse=True)
    size = np.bincount(number, None if weights is None else weights[there], len(found))
    order = np.lexsort((first, -size))
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.where(size[order] >= least, np.arange(len(found)), NONE)
    numbered = np.full(len(clusters), NONE, dtype=np.int64)
    numbered[there] = rank[number]
    return numbered


def thinned(points: Float32, edge: float) -> tuple[Float32, Int64, Int64]:
    """The mean (k, 3) of the points in each grid cell, the cell (n,) of each point, and the counts (k,).

    Results for the means are transferred to all points by the cells.
    """
    corner = points.min(axis=0)
    slots = ((points - corner) / np.float32(edge)).astype(np.int64)
    sides = slots.max(axis=0) + 1
    if float(sides.astype(np.float64).prod()) > 2.0**62:
        raise ValueError(f"cells of {edge:g} are too small for a cloud of this size")
    key = (slots[:, 0] * sides[1] + slots[:, 1]) * sides[2] + slots[:, 2]
    del slots
    _, cell, count = np.unique(key, return_inverse=True, return_counts=True)
    away = points - corner
    sums = [np.bincount(cell, away[:, axis], len(count)) for axis in range(3)]
    means = (np.stack(sums, axis=1) / count[:, None] + corner).astype(np.float32)
    return means, cell.astype(np.int64), count.astype(np.int64)


def thin_copy(points: Float32, edge: float) -> tuple[Float32, Int64, Int64]:
    """`thinned` to cells of ``edge``, or to larger cells if there would be too many to cluster quickly."""
    means, cell, count = thinned(points, edge)
    while len(means) > _MOST:
        edge *= 1.3
        means, cell, count = thinned(points, edge)
    return means, cell, count

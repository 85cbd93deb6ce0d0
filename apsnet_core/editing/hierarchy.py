"""Cluster points of varying density by HDBSCAN from scikit-learn."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from apsnet_core.editing.clusters import NONE, by_size, dbscan, thin_copy, thinned
from apsnet_core.extras import hdbscan_lacks
from apsnet_core.ops.neighbours import nearest_of, spacing
from apsnet_core.types import Float32, Foreign, Int64

_MOST = 10_000  # cells; the time grows with the square of their number
_LEAST_CELLS = 20
_NEIGHBOURS = 5
_PIECE, _IN_PIECES = 0.03, 0.95  # the least shares of a cluster's points in one piece, and in all pieces


def check_installed() -> None:
    """Raise ValueError, with the command to install it, if scikit-learn is not installed."""
    if (lack := hdbscan_lacks()) is not None:
        raise ValueError(f"{lack}; dbscan works without it")


def hdbscan(points: Float32, reach: float) -> Int64:
    """The cluster (n,) of each of ``points`` (n, 3) by HDBSCAN (Campello et al., 2013); the largest is 0.

    Clusters may differ in density, so no single radius separates them. They are found in a copy with one
    point per grid cell and transferred to all points by the cells. A point without a cluster joins one
    within ``reach``, or else is `NONE`. Because the copy is coarse, a cluster that consists of a few large
    pieces with gaps above ``reach`` is then divided. Raises ValueError if scikit-learn is not installed.
    """
    check_installed()
    edge = spacing(points) or 1.0
    means, cell, _ = thinned(points, edge)
    while len(means) > _MOST:
        edge *= 1.25
        means, cell, _ = thinned(points, edge)
    if len(means) <= _LEAST_CELLS:
        return np.zeros(len(points), dtype=np.int64)
    maker: Foreign = import_module("sklearn.cluster").HDBSCAN
    way = maker(min_cluster_size=_LEAST_CELLS, min_samples=_NEIGHBOURS, algorithm="kd_tree", copy=True)
    found = np.asarray(way.fit_predict(means.astype(np.float64)), dtype=np.int64)
    lost, held = np.flatnonzero(found == NONE), np.flatnonzero(found != NONE)
    if len(lost) and len(held):
        gap, nearest = nearest_of(means[held], means[lost], reach)
        near = np.isfinite(gap)
        found[lost[near]] = found[held[nearest[near]]]
    return by_size(parted(points, found[cell], reach))


def parted(points: Float32, clusters: Int64, reach: float) -> Int64:
    """``clusters`` (n,) of ``points`` (n, 3), where clusters that consist of several pieces are divided.

    A piece is connected over gaps up to ``reach``. A cluster is divided if it has at least two large pieces
    that together contain nearly all of its points. A sparse cluster has only tiny pieces and stays whole.
    """
    means, cell, count = thin_copy(points, reach / 2)
    piece = dbscan(means, reach, least=2, weights=np.minimum(count, 2))[cell]
    own = clusters != NONE
    pieces = int(piece.max(initial=NONE)) + 2
    kinds, at, size = np.unique(
        clusters[own] * pieces + piece[own] + 1, return_inverse=True, return_counts=True
    )
    cluster, number = np.divmod(kinds, pieces)
    total = np.bincount(clusters[own])
    whole = (number > 0) & (size >= _PIECE * total[cluster])
    held = np.bincount(cluster[whole], size[whole], len(total))
    several = np.bincount(cluster[whole], minlength=len(total)) > 1
    divided = (several & (held >= _IN_PIECES * total))[cluster]
    new = np.where(divided, np.where(whole, len(total) + np.arange(len(kinds)), NONE), cluster)
    found = clusters.copy()
    found[own] = new[at]
    return found

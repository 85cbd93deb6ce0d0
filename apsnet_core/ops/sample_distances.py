"""Distances between a sample and its cloud for reports, without torch, because its import is slow."""

from __future__ import annotations

from itertools import product

import numpy as np

from apsnet_core.cloud import Float32
from apsnet_core.ops.nearest_cpu import nearest_index_cpu
from apsnet_core.placing import corners

RADIUS = 0.05
"""A point is near a sample within this share, 5 %, of the diagonal of the cloud's bounding box."""

_BLOCK = 1 << 20  # queries, or points, at a time; a whole scan at once would need four times its memory
_TREE = 400  # from this many pairs per point on, building and using a k-d tree is faster
_FEW = 1 << 26  # up to this many pairs no tree is needed


def distances(cloud: Float32, samples: Float32) -> tuple[float, float, float]:
    """Return Chamfer (Eq. 5 both ways), Hausdorff and coverage of ``samples`` (m, 3) for ``cloud`` (n, 3).

    The results equal `chamfer_distance`, `hausdorff_distance` and `coverage`, but need only one search each
    way.
    """
    there, back = _squared(cloud, samples), _squared(samples, cloud)
    hausdorff = float(max(there.max(), back.max())) ** 0.5
    low, high = corners(cloud)
    diagonal = np.square(high - low).sum()
    near = there <= np.float32(RADIUS**2) * diagonal
    return float(there.mean(dtype=np.float64) + back.mean(dtype=np.float64)), hausdorff, float(near.mean())


def _squared(queries: Float32, points: Float32) -> Float32:
    """The squared distance (n,) of each query to the nearest point.

    For fifty thousand samples and two million points, all pairs would take minutes; a tree takes seconds.
    """
    pairs = len(queries) * len(points)
    if pairs > max(_FEW, _TREE * (len(queries) + len(points))):
        from apsnet_core.ops.neighbours import nearest_of

        _, nearest = nearest_of(points, queries)
        blocks = [slice(first, first + _BLOCK) for first in range(0, len(queries), _BLOCK)]
        apart = [np.square(queries[rows] - points[nearest[rows]]).sum(axis=1) for rows in blocks]
        return np.concatenate(apart)
    squared = np.full(len(queries), np.inf, queries.dtype)
    for first, start in product(range(0, len(queries), _BLOCK), range(0, len(points), _BLOCK)):
        block, there = queries[first : first + _BLOCK], points[start : start + _BLOCK]
        index = nearest_index_cpu(block[None], there[None])[0]
        least = squared[first : first + _BLOCK]
        np.minimum(least, np.square(block - there[index]).sum(axis=1), out=least)
    return squared

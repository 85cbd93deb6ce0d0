"""How far a sample is from its cloud, in numbers that a report shows; without torch, which takes its time."""

from __future__ import annotations

from itertools import product

import numpy as np

from apsnet_core.cloud import Float32
from apsnet_core.ops.nearest_cpu import nearest_index_cpu
from apsnet_core.placing import corners

RADIUS = 0.05
"""Near is within 5 % of the diagonal of the cloud's bounding box."""

_BLOCK = 1 << 20  # queries, or points, at a time: those of a whole scan would take four times its points
_TREE = 400  # pairs to a point from which on a k-d tree is faster, its making included
_FEW = 1 << 26  # pairs that need no tree


def distances(cloud: Float32, samples: Float32) -> tuple[float, float, float]:
    """Chamfer (Eq. 5 both ways), Hausdorff and coverage of ``samples`` (m, 3) for ``cloud`` (n, 3).

    What `chamfer_distance`, `hausdorff_distance` and `coverage` find, by one search each way.
    """
    there, back = _squared(cloud, samples), _squared(samples, cloud)
    hausdorff = float(max(there.max(), back.max())) ** 0.5
    low, high = corners(cloud)
    diagonal = np.square(high - low).sum()
    near = there <= np.float32(RADIUS**2) * diagonal
    return float(there.mean(dtype=np.float64) + back.mean(dtype=np.float64)), hausdorff, float(near.mean())


def _squared(queries: Float32, points: Float32) -> Float32:
    """The squared distance (n,) of each query to the nearest point.

    All pairs of fifty thousand samples and two million points would take minutes, a tree takes seconds.
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

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
    """The squared distance (n,) of each query to the nearest point."""
    squared = np.full(len(queries), np.inf, queries.dtype)
    for first, start in product(range(0, len(queries), _BLOCK), range(0, len(points), _BLOCK)):
        block, there = queries[first : first + _BLOCK], points[start : start + _BLOCK]
        index = nearest_index_cpu(block[None], there[None])[0]
        least = squared[first : first + _BLOCK]
        np.minimum(least, np.square(block - there[index]).sum(axis=1), out=least)
    return squared

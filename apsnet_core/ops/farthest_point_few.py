"""Farthest point sampling of a few points from one large cloud, step by step and without copying it."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.types import Array

# The number of points processed at a time: their results stay in the CPU's cache.
_BLOCK = 1 << 14


def complete_few(points: Array, chosen: Int64, m: int) -> Int64:
    """Extend the selection ``chosen`` (k,), k >= 1, of the cloud ``points`` (n, 3) to ``m`` indices (m,).

    The result is exactly that of the plain algorithm, including ties.
    """
    n = len(points)
    starts = np.arange(0, n, _BLOCK)
    remaining = np.full(n, np.inf, dtype=points.dtype)
    farthest = np.full(len(starts), np.inf, dtype=points.dtype)
    candidate = np.zeros(len(starts), dtype=np.int64)
    picks = np.empty(m, dtype=np.int64)
    for t in range(m):
        pick = chosen[t] if t < len(chosen) else candidate[farthest.argmax()]
        picks[t] = pick
        remaining[pick] = -np.inf
        for block, start in enumerate(starts.tolist()):
            left = remaining[start : start + _BLOCK]
            np.minimum(left, _squared_distances(points[start : start + _BLOCK], points[pick]), out=left)
            row = left.argmax()
            farthest[block], candidate[block] = left[row], start + row
    return picks


def _squared_distances(points: Array, point: Array) -> Array:
    """Squared distances of ``points`` (b, 3) to ``point`` (3,), summed in the same order as elsewhere."""
    total, *others = (np.square(points[:, axis] - point[axis]) for axis in range(3))
    for each in others:
        total += each
    return np.asarray(total)

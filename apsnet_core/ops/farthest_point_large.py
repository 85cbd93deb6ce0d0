"""Exact farthest point sampling of one large cloud, which skips most of the cloud at each step.

The points are sorted into boxes with equal numbers of points by halving along the widest axis (the leaves of
a k-d tree). A new sample can change a box only if it is nearer to the box than the box's farthest point is to
its nearest sample. After a few steps this is true for a handful of boxes.
"""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.types import Array

_Floats = Array

# 2^8 boxes. More would cost as much to check as they save, from fifty thousand points to millions.
_HALVINGS = 8
_TOGETHER = 32  # boxes processed at once


def complete_large(planes: _Floats, chosen: Int64, m: int) -> Int64:
    """Extend the selection ``chosen`` (k,), k >= 1, of the cloud ``planes`` (3, n) to ``m`` indices (m,).

    The result is exactly that of the plain algorithm, including ties: rounding is monotonic, so the squared
    distance to a box, summed in the same order, never exceeds that to a point inside.
    """
    n = planes.shape[1]
    boxed, index = _boxes(planes)
    boxes, size = index.shape
    place = np.empty(n + 1, dtype=np.int64)
    place[index.ravel()] = np.arange(index.size)
    low, high = boxed.min(axis=2), boxed.max(axis=2)

    remaining = np.full((boxes, size), np.inf, dtype=planes.dtype)
    remaining[index == n] = -np.inf
    at = remaining.reshape(-1)
    farthest = np.full(boxes, np.inf, dtype=planes.dtype)
    candidate = np.empty(boxes, dtype=np.int64)
    below, above = np.empty_like(low), np.empty_like(low)
    picks = np.empty(m, dtype=np.int64)
    for t in range(m):
        pick = chosen[t] if t < len(chosen) else candidate[farthest == farthest.max()].min()
        picks[t] = pick
        at[place[pick]] = -np.inf
        # The box of the selected point needs a new candidate in any case, so it must not be skipped.
        farthest[place[pick] // size] = np.inf

        point = planes[:, pick, None]
        np.subtract(low, point, out=below)
        np.subtract(point, high, out=above)
        np.maximum(below, above, out=below)
        np.maximum(below, 0.0, out=below)
        all_near = np.flatnonzero(_squared_norm(below) < farthest)
        # The first steps change every box. All boxes at once would need memory for a copy of the cloud.
        for first in range(0, len(all_near), _TOGETHER):
            near = all_near[first : first + _TOGETHER]
            distance = _squared_norm(boxed[:, near] - point[:, :, None])
            left = np.minimum(remaining[near], distance, out=distance)
            remaining[near] = left
            best = left.argmax(axis=1)
            farthest[near] = left[np.arange(len(near)), best]
            candidate[near] = index[near, best]
    return picks


def _squared_norm(planes: _Floats) -> _Floats:
    np.multiply(planes, planes, out=planes)
    total: _Floats = planes[0] + planes[1]
    total += planes[2]
    return total


def _boxes(planes: _Floats) -> tuple[_Floats, Int64]:
    """Return coordinates (3, boxes, size) and indices (boxes, size), ascending in each box; n is padding."""
    n = planes.shape[1]
    padding = -n % (1 << _HALVINGS)
    index = np.concatenate([np.arange(n), np.full(padding, n)])
    boxed = np.concatenate([planes, np.repeat(planes[:, :1], padding, axis=1)], axis=1)
    # This is done in place and box by box; all boxes at once would need another three copies of the cloud.
    for halving in range(_HALVINGS + 1):
        size = len(index) >> halving
        for first in range(0, len(index), size):
            box = slice(first, first + size)
            if halving == _HALVINGS:
                order = index[box].argsort()
            else:
                widest = np.argmax(boxed[:, box].max(axis=1) - boxed[:, box].min(axis=1))
                order = boxed[widest, box].argpartition(size // 2)
            for row in (*boxed, index):
                row[box] = row[box][order]
    return boxed.reshape(3, 1 << _HALVINGS, -1), index.reshape(1 << _HALVINGS, -1)

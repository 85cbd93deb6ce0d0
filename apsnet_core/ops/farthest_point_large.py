"""Farthest point sampling of one large cloud: exact, but most of the cloud is skipped at each step.

The points are sorted into equally full boxes by halving along the widest axis (a k-d tree's leaves). A new
sample concerns a box only if it is nearer to the box than the box's farthest point is to its sample; after a
few steps that holds for a handful of boxes.
"""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.types import Array

_Floats = Array

# 2^8 boxes: more cost as much to look through as they save, from fifty thousand points to millions.
_HALVINGS = 8
_TOGETHER = 32  # boxes looked through in one go


def complete_large(planes: _Floats, chosen: Int64, m: int) -> Int64:
    """Extend the rows ``chosen`` (k,), k >= 1, of the cloud ``planes`` (3, n) to ``m`` rows: (m,).

    Same result as the plain walk to the last index, ties included: rounding is monotone, so a box's squared
    distance, summed in the same order, never exceeds that of a point inside.
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
        # The box of the point taken has to look for its next candidate, however near its points are.
        farthest[place[pick] // size] = np.inf

        point = planes[:, pick, None]
        np.subtract(low, point, out=below)
        np.subtract(point, high, out=above)
        np.maximum(below, above, out=below)
        np.maximum(below, 0.0, out=below)
        all_near = np.flatnonzero(_squared_norm(below) < farthest)
        # The first steps concern every box: not all at once, or each would take a copy of the cloud.
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
    """Coordinates (3, boxes, size) and rows (boxes, size), ascending in each box; row n is padding."""
    n = planes.shape[1]
    padding = -n % (1 << _HALVINGS)
    index = np.concatenate([np.arange(n), np.full(padding, n)])
    boxed = np.concatenate([planes, np.repeat(planes[:, :1], padding, axis=1)], axis=1)
    # In place, and box by box: all boxes at once would need another three copies of the cloud.
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

"""Nearest and farthest point search as functions that numba compiles.

The results equal the numpy versions bit for bit. Coordinates are stored as (3, N). Squared distances are
summed axis by axis without fused multiply-adds, so that equal points have equal distances. Importing this
module compiles it, or loads the functions compiled earlier: see `search_cpu`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from apsnet_core.ops.bit_kernels import bits_of_float
from apsnet_core.ops.compiled import compiled

Array = Any  # a numpy array for mypy, and numba's own array for numba

_READ = "Array(float32, 2, 'C', readonly=True)"  # the points of a file may be read-only
_MOST, _LEAST = np.int32(2**31 - 1), np.int32(-(2**31))
_BLOCK = 256  # the extreme of each block is found with vector instructions; only one block is then searched


# A loop over a slice from 0 is vectorised; a loop over begin..end of the whole array would not be.
@compiled(contract=False)
def _squared_distances(
    x: Array, y: Array, z: Array, at_x: Array, at_y: Array, at_z: Array, into: Array
) -> Array:
    """Write the bits of the squared distances to ``into`` (k,) and return the smallest."""
    least = _MOST
    for i in range(len(into)):
        dx, dy, dz = at_x - x[i], at_y - y[i], at_z - z[i]
        bits = bits_of_float(dx * dx + dy * dy + dz * dz)
        into[i] = bits
        least = min(least, bits)
    return least


@compiled(f"void(Array(float32, 2, 'A', readonly=True), {_READ}, int64[::1])", contract=False)
def nearest(queries: Array, points: Array, index: Array) -> None:
    """Fill ``index`` (N,) with the nearest of ``points`` (3, M) to ``queries`` (3, N), the first of ties."""
    x, y, z = points[0], points[1], points[2]
    squared = np.empty(len(x), np.int32)
    for q in range(len(index)):
        least, where = _MOST, 0
        for begin in range(0, len(x), _BLOCK):
            of = slice(begin, begin + _BLOCK)
            of_block = _squared_distances(
                x[of], y[of], z[of], queries[0, q], queries[1, q], queries[2, q], squared[of]
            )
            if of_block < least:
                least, where = of_block, begin
        while squared[where] != least:
            where += 1
        index[q] = where


@compiled(contract=False)
def _come_nearer(
    x: Array, y: Array, z: Array, at_x: Array, at_y: Array, at_z: Array, remaining: Array
) -> Array:
    """Lower ``remaining`` (k,) to the squared distances to a point, and return the bits of its maximum."""
    highest = _LEAST
    for i in range(len(remaining)):
        dx, dy, dz = x[i] - at_x, y[i] - at_y, z[i] - at_z
        left = min(remaining[i], dx * dx + dy * dy + dz * dz)
        remaining[i] = left
        highest = max(highest, bits_of_float(left))
    return highest


@compiled(f"void({_READ}, float32[::1], int64[::1], int64, int64[::1])", contract=False)
def farthest(points: Array, remaining: Array, chosen: Array, count: int, picks: Array) -> None:
    """Fill ``picks`` (m,) of ``points`` (3, N): the first ``count`` >= 1 of ``chosen``, then the farthest.

    ``remaining`` (N,) must be inf at the start. It holds the squared distances to the nearest selected point,
    and -inf for selected points.
    """
    x, y, z = points[0], points[1], points[2]
    highest = np.empty((len(x) + _BLOCK - 1) // _BLOCK, np.int32)
    for t in range(len(picks)):
        if t < count:
            pick = chosen[t]
        else:
            best = 0
            for block in range(len(highest)):
                if highest[block] > highest[best]:
                    best = block
            pick = best * _BLOCK
            while bits_of_float(remaining[pick]) != highest[best]:
                pick += 1
        picks[t] = pick
        remaining[pick] = -np.inf
        for block in range(len(highest)):
            of = slice(block * _BLOCK, (block + 1) * _BLOCK)
            highest[block] = _come_nearer(x[of], y[of], z[of], x[pick], y[pick], z[pick], remaining[of])

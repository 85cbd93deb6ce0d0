"""Convert triangle strips and fans, as in PLY and glTF, to triangles with a consistent orientation."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Int64


def triangles_of_strips(counts: Int64, corners: Int64) -> Int64:
    """The triangles (k, 3) of strips with ``counts[i]`` vertices each, one after another in ``corners``.

    A corner of -1 starts a new strip. Every other triangle of a strip has the opposite orientation, so it is
    reversed. Triangles that use a vertex twice are left out, because they only join two strips.
    """
    breaks = np.zeros(len(corners) + 1, dtype=bool)
    breaks[np.cumsum(counts)] = True
    breaks[:-1] |= corners < 0
    breaks[1:] |= corners < 0
    strip = np.cumsum(breaks[:-1])
    first = np.searchsorted(strip, strip)
    triangles = np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1) if len(corners) > 2 else None
    if triangles is None:
        return np.empty((0, 3), dtype=np.int64)
    odd = (np.arange(len(corners)) - first)[:-2] % 2 == 1
    triangles[odd] = triangles[odd][:, [1, 0, 2]]
    a, b, c = triangles.T
    whole = (strip[:-2] == strip[2:]) & (corners[:-2] >= 0) & (a != b) & (b != c) & (c != a)
    whole_triangles: Int64 = triangles[whole]
    return whole_triangles


def triangles_of_fan(corners: Int64) -> Int64:
    """The triangles (k, 3) of a fan around its first corner."""
    if len(corners) < 3:
        return np.empty((0, 3), dtype=np.int64)
    return np.stack([np.full(len(corners) - 2, corners[0]), corners[1:-1], corners[2:]], axis=1)

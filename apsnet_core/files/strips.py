"""Triangle strips and fans, as PLY and glTF list them, to triangles that all turn one way."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Int64


def triangles_of_strips(counts: Int64, corners: Int64) -> Int64:
    """(k, 3) of strips that list ``counts[i]`` vertices each, one after another in ``corners``.

    A corner of -1 begins a strip anew. Every other triangle turns against the strip and is turned back.
    Triangles with a vertex twice, which only join two strips, are left out.
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
    """(k, 3) of a fan about its first corner."""
    if len(corners) < 3:
        return np.empty((0, 3), dtype=np.int64)
    return np.stack([np.full(len(corners) - 2, corners[0]), corners[1:-1], corners[2:]], axis=1)

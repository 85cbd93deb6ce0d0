"""Eye-dome lighting (Boucheny 2009): shading that uses only the depth of a picture."""

from __future__ import annotations

import math

from apsnet_core.arrays import np
from apsnet_core.types import Float32

_STEEPEST = 8.0  # pixels of depth per pixel across; steeper differences are edges and all count the same
_STEEP = 0.7  # the rate at which the response darkens
_DARKEST = 0.9  # the most light that an edge loses at full strength; 1 would turn gaps into black specks
SPARSE = 20_000
"""The number of points up to which a cloud hides little behind it, so that edges are only gaps in it."""


def eye_dome(levels: Float32, strength: float) -> Float32:
    """The factor (h, w) for each pixel's colour, smaller the more its eight neighbours are in front of it.

    ``levels`` (h, w) are depths in units of a pixel's width at this depth.
    """
    response = np.zeros_like(levels)
    for (here, there), length in _NEIGHBOURS:
        apart = levels[here] - levels[there]
        apart *= 1 / length
        np.clip(apart, -_STEEPEST, _STEEPEST, out=apart)
        response[here] += np.maximum(apart, 0)
        response[there] -= np.minimum(apart, 0)
    factor: Float32 = 1 - np.float32(_DARKEST * strength) * (1 - np.exp(response * np.float32(-_STEEP / 8)))
    return factor


_Part = tuple[slice, slice]
_ALL, _FIRST, _LAST = slice(None), slice(None, -1), slice(1, None)
# The directions that give each pair of neighbours once: right, below, and the two diagonals.
_NEIGHBOURS: tuple[tuple[tuple[_Part, _Part], float], ...] = (
    (((_ALL, _FIRST), (_ALL, _LAST)), 1.0),
    (((_FIRST, _ALL), (_LAST, _ALL)), 1.0),
    (((_FIRST, _FIRST), (_LAST, _LAST)), math.sqrt(2)),
    (((_FIRST, _LAST), (_LAST, _FIRST)), math.sqrt(2)),
)

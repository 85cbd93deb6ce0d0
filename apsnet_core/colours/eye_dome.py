"""Eye-dome lighting (Boucheny 2009): the shape of what is seen, from the depth of a picture alone."""

from __future__ import annotations

import math

from apsnet_core.arrays import np
from apsnet_core.types import Float32

_STEEPEST = 8.0  # pixels of depth for a pixel across: what is steeper counts as an edge, and all edges alike
_STEEP = 0.7  # how fast the response darkens
_DARKEST = 0.9  # what an edge loses of its light at full strength: all of it would make specks of gaps
SPARSE = 20_000
"""Points up to which a cloud hides little of what is behind it, so that its edges are only those of gaps."""


def eye_dome(levels: Float32, strength: float) -> Float32:
    """The factor (h, w) of each pixel's colour: how far its eight neighbours stand out in front of it.

    ``levels`` (h, w) are depths in units of a pixel's width at that depth.
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
# Each pair of neighbours once: right, below, and the two diagonals.
_NEIGHBOURS: tuple[tuple[tuple[_Part, _Part], float], ...] = (
    (((_ALL, _FIRST), (_ALL, _LAST)), 1.0),
    (((_FIRST, _ALL), (_LAST, _ALL)), 1.0),
    (((_FIRST, _FIRST), (_LAST, _LAST)), math.sqrt(2)),
    (((_FIRST, _LAST), (_LAST, _FIRST)), math.sqrt(2)),
)

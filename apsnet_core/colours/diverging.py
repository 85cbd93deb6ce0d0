"""A diverging colour map for differences: one colour for less, one for more, a neutral one for zero."""

from __future__ import annotations

from functools import cache

from apsnet_core.arrays import np
from apsnet_core.difference_colours import ends
from apsnet_core.types import Float32, UInt8


@cache
def diverging(dark: bool) -> UInt8:
    """The colour table (256, 3) from less to more, with zero in the middle."""
    less, same, more = (np.array(colour, np.float64) for colour in ends(dark))
    share = np.linspace(-1, 1, 256)[:, None]
    colours = same + np.where(share < 0, less - same, more - same) * np.abs(share)
    found: UInt8 = colours.round().astype(np.uint8)
    return found


def reach(values: Float32) -> float:
    """The range of the colours on both sides of zero: the largest absolute value, or 1 if all are 0."""
    return float(np.abs(values).max(initial=0.0)) or 1.0

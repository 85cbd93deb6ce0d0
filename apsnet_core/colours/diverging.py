"""Colours of differences: one for less, one for more, and nearly none for zero."""

from __future__ import annotations

from functools import cache

import numpy as np

from apsnet_core.types import Float32, UInt8

Rgb = tuple[int, int, int]

# Blue and orange are told apart by every eye (Okabe & Ito); the middle is just seen on its ground.
_DARK: tuple[Rgb, Rgb, Rgb] = (96, 165, 255), (70, 75, 82), (255, 150, 60)
_LIGHT: tuple[Rgb, Rgb, Rgb] = (0, 84, 166), (206, 209, 214), (196, 78, 0)


def ends(dark: bool) -> tuple[Rgb, Rgb, Rgb]:
    """The colours of less, of the same and of more, on a ``dark`` or a light ground."""
    return _DARK if dark else _LIGHT


@cache
def diverging(dark: bool) -> UInt8:
    """(256, 3): from less over zero in the middle to more."""
    less, same, more = (np.array(colour, np.float64) for colour in ends(dark))
    share = np.linspace(-1, 1, 256)[:, None]
    colours = same + np.where(share < 0, less - same, more - same) * np.abs(share)
    found: UInt8 = colours.round().astype(np.uint8)
    return found


def reach(values: Float32) -> float:
    """How far from zero the colours of ``values`` go on both sides: their largest size, 1 where all are 0."""
    return float(np.abs(values).max(initial=0.0)) or 1.0

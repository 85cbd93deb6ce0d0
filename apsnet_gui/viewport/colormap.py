"""Maps values to colours: inferno on dark backgrounds, on light ones from grey into viridis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_gui.viewport.scene import Float64, UInt8

UNKNOWN = (128, 128, 128)

# matplotlib's inferno and viridis (CC0); importing matplotlib for them would take a fifth of a second
_TABLES = Path(__file__).with_name("colormaps.npy")
_VISIBLE = 60  # inferno's first colours cannot be told from a dark ground: they are left out
_GREY, _FROM, _BLENDED = 204, 0.75, 0.3  # viridis ends in yellow, which cannot be told from a light ground


@dataclass(frozen=True, eq=False)
class ColorBar:
    """The legend of colours: ``table`` (k, 3) uint8 runs from ``low`` to ``high``, in ``unit``."""

    title: str
    low: float
    high: float
    table: UInt8
    unit: str = ""
    log: bool = False


@cache
def table(dark: bool = True) -> UInt8:
    """(256, 3) uint8, from faint to strong: inferno, or on a light background grey into viridis.

    Low values are near the background and still to be seen on it; on a light one the lightness only falls.
    """
    inferno, viridis = np.load(_TABLES, allow_pickle=False)
    share = np.linspace(0, 1, 256)
    if dark:
        return (_at(inferno, _VISIBLE + (255 - _VISIBLE) * share) + 0.5).astype(np.uint8)
    blended = np.clip(share / _BLENDED, 0, 1)[:, None]
    weight = blended * blended * (3 - 2 * blended)
    colours = _GREY * (1 - weight) + _at(viridis, _FROM * 255 * (1 - share)) * weight
    return (colours + 0.5).astype(np.uint8)


def _at(colours: UInt8, rows: Float64) -> Float64:
    """(n, 3): ``colours`` at fractional rows."""
    return np.stack([np.interp(rows, np.arange(256), colours[:, channel]) for channel in range(3)], axis=1)


def apply(values: npt.ArrayLike, low: float, high: float, log: bool = False, dark: bool = True) -> UInt8:
    """Colours (n, 3) uint8 of values (n,): ``low`` gets the map's first colour, ``high`` its last.

    Values beyond are clipped, NaN is grey. A logarithmic scale must start above zero (ValueError).
    """
    data = np.array(values, dtype=np.float64)
    unknown = np.isnan(data)
    data[unknown] = low
    if log:
        if low <= 0:
            raise ValueError(f"a logarithmic scale starts above zero, not at {low}")
        data = np.log(np.maximum(data, low))
        low, high = float(np.log(low)), float(np.log(high))
    scale = 256 / (high - low) if high > low else 0.0
    colors = table(dark)[np.clip((data - low) * scale, 0, 255).astype(np.uint8)]
    colors[unknown] = UNKNOWN
    return colors

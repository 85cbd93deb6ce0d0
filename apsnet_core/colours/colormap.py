"""Maps of colours, from the lowest number to the highest.

The map "auto" is made for marks on a ground: inferno on dark ones, on light ones from grey into viridis.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, get_args

from apsnet_core.arrays import np, npt
from apsnet_core.types import Float64, UInt8

Map = Literal["auto", "inferno", "viridis", "cividis", "turbo", "coolwarm", "magma", "grey"]
MAPS: tuple[Map, ...] = get_args(Map)
UNKNOWN = (128, 128, 128)

# matplotlib's maps (CC0), in the order of MAPS; importing matplotlib for them would take a fifth of a second
_TABLES = Path(__file__).with_name("colormaps.npy")
_VISIBLE = 60  # inferno's first colours cannot be told from a dark ground: they are left out
_GREY, _FROM, _BLENDED = 204, 0.75, 0.3  # viridis ends in yellow, which cannot be told from a light ground
_GREYS = (40, 230)
_AT_ONCE = 1 << 18


@cache
def table(dark: bool = True, name: Map = "auto") -> UInt8:
    """(256, 3) uint8, from low to high; "auto" is for a ``dark`` or a light ground, the others for both.

    With "auto" low values are near the background and still to be seen on it; on a light one the lightness
    only falls.
    """
    if name == "grey":
        return np.linspace(*_GREYS, 256).round().astype(np.uint8)[:, None].repeat(3, axis=1)
    tables = np.load(_TABLES, allow_pickle=False)
    if name != "auto":
        named: UInt8 = tables[MAPS.index(name) - 1]
        return named
    inferno, viridis = tables[0], tables[1]
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


def apply(
    values: npt.ArrayLike,
    low: float,
    high: float,
    log: bool = False,
    dark: bool = True,
    name: Map = "auto",
) -> UInt8:
    """Colours (n, 3) uint8 of values (n,): ``low`` gets the map's first colour, ``high`` its last.

    Values beyond are clipped, NaN is grey. A logarithmic scale must start above zero (ValueError).
    """
    if log and low <= 0:
        raise ValueError(f"a logarithmic scale starts above zero, not at {low}")
    given = np.asarray(values)
    colours = np.empty((len(given), 3), dtype=np.uint8)
    # In parts that stay in a core's cache, and never a copy of ten million numbers.
    for start in range(0, len(given), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        colours[part] = _coloured(given[part].astype(np.float64), low, high, log, table(dark, name))
    return colours


def _coloured(data: Float64, low: float, high: float, log: bool, colours: UInt8) -> UInt8:
    unknown = np.isnan(data)
    data[unknown] = low
    if log:
        data = np.log(np.maximum(data, low))
        low, high = float(np.log(low)), float(np.log(high))
    scale = 256 / (high - low) if high > low else 0.0
    with np.errstate(invalid="ignore"):  # of what is not finite
        place = np.clip((data - low) * scale, 0, 255).astype(np.uint8)
    found: UInt8 = colours[place]
    found[unknown] = UNKNOWN
    return found

"""Colour maps for numbers from the lowest to the highest.

The map "auto" suits the background: inferno on a dark one, a blend from grey to viridis on a light one.
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

# The maps of matplotlib (CC0), in the order of MAPS; importing matplotlib would take a fifth of a second.
_TABLES = Path(__file__).with_name("colormaps.npy")
_VISIBLE = 60  # inferno's first colours are left out, because they cannot be seen on a dark background
_GREY, _FROM, _BLENDED = 204, 0.75, 0.3  # viridis' last part is yellow, hardly visible on a light background
_GREYS = (40, 230)
_AT_ONCE = 1 << 18


@cache
def table(dark: bool = True, name: Map = "auto") -> UInt8:
    """A colour table (256, 3) uint8 from low to high; only "auto" depends on a ``dark`` or light background.

    In "auto", low values are close to the background, but still visible on it. On a light background, the
    lightness decreases monotonically.
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
    """``colours`` (n, 3) interpolated at fractional rows (n,)."""
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

    Values outside are clipped, NaN is grey. Raises ValueError if a logarithmic scale does not start above
    zero.
    """
    if log and low <= 0:
        raise ValueError(f"a logarithmic scale starts above zero, not at {low}")
    given = np.asarray(values)
    colours = np.empty((len(given), 3), dtype=np.uint8)
    # Work in parts that fit into a core's cache, instead of a float64 copy of ten million numbers.
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
    with np.errstate(invalid="ignore"):  # ignore warnings about infinite values
        place = np.clip((data - low) * scale, 0, 255).astype(np.uint8)
    found: UInt8 = colours[place]
    found[unknown] = UNKNOWN
    return found

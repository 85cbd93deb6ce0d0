"""The legend of colours that represent numbers or classes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log10

from apsnet_core.colours.colormap import UNKNOWN as UNKNOWN
from apsnet_core.colours.colormap import apply as apply
from apsnet_core.colours.colormap import table as table
from apsnet_core.colours.field_colours import LegendClass
from apsnet_gui.viewport.scene import Rgb, UInt8


@dataclass(frozen=True, eq=False)
class ColorBar:
    """The legend of colours: ``table`` (k, 3) uint8 ranges from ``low`` to ``high``, in ``unit``.

    The table is empty if no point has a value. If there are ``classes``, the legend lists their names
    instead, and a click hides a class if ``can_hide``. ``missing`` is the number of points without a value;
    they have the colour ``unknown``. ``ends`` are words for the lowest and the highest number. The legend
    shows the numbers minus ``base``.
    """

    title: str
    low: float
    high: float
    table: UInt8
    unit: str = ""
    log: bool = False
    classes: tuple[LegendClass, ...] = ()
    missing: int = 0
    ends: tuple[str, str] | None = None
    base: float = 0.0
    unknown: Rgb = UNKNOWN
    can_hide: bool = True


def digits_for(size: float, apart: float) -> int:
    """The significant digits for numbers up to ``size``, so that a difference of ``apart`` has three."""
    size = max(size, abs(apart), 1e-300)
    return 3 + max(ceil(log10(size / max(abs(apart), size * 1e-9))), 0)

"""The legend of colours that stand for numbers."""

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
    """The legend of colours: ``table`` (k, 3) uint8 runs from ``low`` to ``high``, in ``unit``.

    The table is empty where no point has a value. Where the colours tell ``classes`` apart, these are named
    instead, and a click hides those that it ``can_hide``. ``missing`` points have no value, and the colour
    ``unknown``.
    ``ends`` say in words what the lowest and the highest number mean. Numbers are told less a ``base``.
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
    """Significant digits that numbers up to ``size`` need where a difference of ``apart`` has three."""
    size = max(size, abs(apart), 1e-300)
    return 3 + max(ceil(log10(size / max(abs(apart), size * 1e-9))), 0)

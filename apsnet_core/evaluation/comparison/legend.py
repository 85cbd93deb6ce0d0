"""The legend of a field's colours, as HTML."""

from __future__ import annotations

from html import escape

from apsnet_core.colours.colormap import UNKNOWN
from apsnet_core.colours.field_colours import Legend
from apsnet_core.types import UInt8

_STOPS = 16  # colour stops of a gradient, which approximates the 256 colours of a map


def legend_html(legend: Legend) -> str:
    """The meaning of a cloud's colours: its classes, or a colour bar with the values at both ends."""
    words = [f"<b>{escape(legend.words)}</b>"]
    if legend.classes:
        seen = [each for each in legend.classes if not each.hidden]
        words += [f"<span>{_dot(each.rgb)}{escape(each.name)}</span>" for each in seen]
        hidden = ", ".join(each.name for each in legend.classes if each.hidden)
        words += [f"<span>hidden: {escape(hidden)}</span>"] * bool(hidden)
    else:
        scale = " (logarithmic)" if legend.log else ""
        ends = f"{legend.low - legend.base:.6g}", f"{legend.high - legend.base:.6g}{scale}"
        bar = f'<i style="background:linear-gradient(90deg,{_gradient(legend.table)})"></i>'
        words += [f"<span>{ends[0]}</span>{bar}<span>{ends[1]}</span>"]
    words += [f"<span>{_dot(UNKNOWN)}no value ({legend.missing:,})</span>"] * bool(legend.missing)
    return f'<p class="legend field">{"".join(words)}</p>'


def _dot(rgb: tuple[int, int, int]) -> str:
    return f'<i class="dot" style="background:rgb{rgb}"></i>'


def _gradient(table: UInt8) -> str:
    rows = [round(255 * stop / (_STOPS - 1)) for stop in range(_STOPS)]
    return ",".join(f"rgb{tuple(table[row].tolist())}" for row in rows)

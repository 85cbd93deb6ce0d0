"""A plot of each method's metric against the number of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from apsnet_core.methods.styles import DASHES, MARKERS, method_styles
from apsnet_gui.style.theme import Theme

if TYPE_CHECKING:
    from pyqtgraph import PlotWidget

MARGIN = 8  # pixels on each side of the legend
SYMBOLS = dict(zip(MARKERS, ("o", "s", "t1", "d", "t", "p"), strict=True))
PENS = dict(
    zip(
        DASHES,
        (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine),
        strict=True,
    )
)


@dataclass(frozen=True)
class MethodCurve:
    """The values of one method for each size; the name ``method`` determines the colour."""

    method: str
    label: str
    sizes: Sequence[int]
    values: Sequence[float]


def place(m: int) -> float:
    """The position of a size on the logarithmic axis."""
    from math import log2

    return log2(m)


def make_plot() -> PlotWidget:
    """Make an empty plot with a legend beside the curves and without pyqtgraph's menus."""
    import pyqtgraph as pg

    from apsnet_gui.widgets.axis import PlainAxis

    pg.setConfigOptions(antialias=True)
    axes = {side: PlainAxis(side) for side in ("left", "bottom")}
    plot = pg.PlotWidget(axisItems=axes, enableMenu=False)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it handles no keys and would not show the focus
    plot.hideButtons()
    plot.setMinimumHeight(96)
    plot.plotItem.addLegend(offset=(-MARGIN, MARGIN)).setParentItem(
        plot.plotItem
    )  # beside the curves, not over them
    plot.plotItem.showGrid(x=False, y=True, alpha=0.15)
    plot.setAccessibleName("The methods' numbers against the number of points")
    return plot


def clear_plot(plot: PlotWidget, theme: Theme) -> None:
    """Remove curves and legend, and apply the theme's colours and text size."""
    colours, item = theme.colours, plot.plotItem
    plot.setBackground(colours.panel)
    item.clear()
    item.legend.clear()
    item.legend.setLabelTextColor(colours.text)
    item.legend.setLabelTextSize(_text_size())
    for side in ("left", "bottom"):
        axis = item.getAxis(side)
        axis.setPen(colours.line)
        axis.setTextPen(colours.faint)


def draw_curves(plot: PlotWidget, theme: Theme, curves: Sequence[MethodCurve], title: str) -> None:
    """Draw the curves on a cleared plot, under ``title``, with the legend on the right.

    Curves of one method share its colour; dashes and symbols distinguish them.
    """
    import pyqtgraph as pg

    item = plot.plotItem
    item.setLabel("bottom", "points", color=theme.colours.faint)
    # The title names the y axis: a vertical axis label would be cut off in a low plot.
    item.setTitle(title, color=theme.colours.faint, size=_text_size())
    sizes = sorted({m for curve in curves for m in curve.sizes})
    item.getAxis("bottom").setTicks([[(place(m), str(m)) for m in sizes], []])
    for curve, style in zip(curves, method_styles([curve.method for curve in curves]), strict=True):
        item.plot(
            [place(m) for m in curve.sizes],
            list(curve.values),
            name=curve.label,
            pen=pg.mkPen(style.colour, width=2, style=PENS[style.dash]),
            symbol=SYMBOLS[style.marker],
            symbolSize=7,
            symbolBrush=style.colour,
            symbolPen=None,
        )
    item.layout.setContentsMargins(1, 1, item.legend.width() + 2 * MARGIN, 1)


def _text_size() -> str:
    """The application's text size, which pyqtgraph does not use by itself."""
    return f"{QGuiApplication.font().pointSizeF()}pt"

"""An empty plot, and where sizes stand on its axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


def place(m: int) -> float:
    """Where a size stands: every doubling is as far as every other."""
    from math import log2

    return log2(m)


def make_plot() -> Any:
    """An empty plot with a legend beside the curves, that takes no menus and no logarithms."""
    import pyqtgraph as pg

    pg.setConfigOptions(antialias=True)
    plot = pg.PlotWidget()
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMinimumHeight(96)
    plot.plotItem.addLegend(offset=(-8, 8))
    plot.plotItem.showGrid(x=False, y=True, alpha=0.15)
    plot.setAccessibleName("The methods' numbers against the number of points")
    return plot

"""The distribution of a number over shapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.figures.chart import Chart
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.evaluation.figures.ticks import mark_logarithmic
from apsnet_core.methods.registry import method_colour


@dataclass(frozen=True, eq=False)
class Spread:
    """The ``values`` (S,) of a method, one for each shape; its displayed ``label``, its ``method`` name."""

    label: str
    method: str
    values: Float64


@dataclass(frozen=True, eq=False)
class DistributionChart(Chart):
    """A box for each method from the top: quartiles and median, whiskers to 5 and 95 %, a dot at the mean.

    ``label`` names the number.
    """

    spreads: tuple[Spread, ...]
    label: str
    logarithmic: bool = False
    title: str = ""
    alone = True

    def draw(self, axes: Axes, look: Look) -> None:
        """See `Chart.draw`."""
        ink, ends = look.palette.ink, []
        for row, spread in enumerate(self.spreads):
            least, low, median, high, most = np.quantile(
                spread.values, [0.05, 0.25, 0.5, 0.75, 0.95]
            ).tolist()
            colour = look.visible(method_colour(spread.method))
            axes.plot([least, most], [row, row], color=colour, linewidth=0.8 * look.line, zorder=2)
            axes.barh(row, high - low, left=low, height=0.6, color=colour, linewidth=0, zorder=3)
            axes.plot(
                [median, median], [row - 0.3, row + 0.3], color=ink, linewidth=0.9 * look.line, zorder=4
            )
            mean = float(spread.values.mean())
            axes.plot(
                mean, row, "o", markersize=0.45 * look.size, color=look.palette.paper,
                markeredgecolor=ink, markeredgewidth=0.6, zorder=5,
            )  # fmt: skip
            ends += [least, most, mean]
        axes.set_yticks(range(len(self.spreads)), [spread.label for spread in self.spreads])
        axes.set_ylim(len(self.spreads) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        if self.logarithmic and min(ends) > 0:
            mark_logarithmic(axes, ends, x=True)
        else:
            axes.set_xlim(min(0.0, *ends), 1.05 * max(ends) or 1.0)
        axes.set_xlabel(f"{self.label}: quartiles, median, 5 to 95 %, mean (dot)", loc="right")
        if self.title:
            axes.set_title(self.title)

    def height(self, width: float, look: Look) -> float:
        """See `Chart.height`."""
        return (4.5 + 1.9 * len(self.spreads)) * look.size / 72

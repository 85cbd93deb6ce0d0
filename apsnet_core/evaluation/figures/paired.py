"""The paired differences between methods on the same shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from apsnet_core.evaluation.figures.chart import Chart, Handle
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.methods.registry import method_colour


@dataclass(frozen=True)
class PairedDifference:
    """The advantage ``value`` of the method labelled ``first`` over ``second``, with its interval.

    For a single shape the interval is infinite. ``winner`` is the name of the method that a test finds
    better, None if it finds neither better.
    """

    first: str
    second: str
    value: float
    low: float
    high: float
    winner: str | None


@dataclass(frozen=True)
class PairedChart(Chart):
    """A line for each difference from the top, in the colour of the better method, grey if neither is.

    ``label`` names the number and its unit.
    """

    differences: tuple[PairedDifference, ...]
    label: str
    title: str = ""
    alone = True

    def draw(self, axes: Axes, look: Look) -> None:
        """See `Chart.draw`."""
        quiet = look.palette.quiet
        for row, each in enumerate(self.differences):
            colour = look.visible(method_colour(each.winner)) if each.winner else quiet
            ends = [end for end in (each.low, each.high) if math.isfinite(end)]
            axes.plot(ends, [row] * len(ends), color=colour, linewidth=look.line, solid_capstyle="butt")
            axes.plot(
                each.value, row, "o", markersize=0.6 * look.size, markeredgewidth=0.12 * look.size,
                color=colour if each.winner else look.palette.paper, markeredgecolor=colour,
            )  # fmt: skip
        axes.axvline(0, color=quiet, linewidth=0.6 * look.line, zorder=1)
        axes.set_yticks(
            range(len(self.differences)), [f"{each.first} – {each.second}" for each in self.differences]
        )
        axes.set_ylim(len(self.differences) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.set_xlabel(f"the first is better by {self.label}", loc="right")
        if self.title:
            axes.set_title(self.title)

    def height(self, width: float, look: Look) -> float:
        """See `Chart.height`."""
        return (5.5 + 1.7 * len(self.differences)) * look.size / 72

    def legend(self, look: Look) -> Sequence[Handle]:
        """See `Chart.legend`."""
        if all(each.winner for each in self.differences):
            return ()
        return [
            Line2D(
                [], [], color=look.palette.quiet, marker="o", markerfacecolor=look.palette.paper,
                markersize=0.6 * look.size, linewidth=look.line, label="not decided",
            )
        ]  # fmt: skip

"""The chart of a confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from apsnet_core.cloud import Int64
from apsnet_core.evaluation.figures.chart import Chart
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.methods.registry import method_colour
from apsnet_core.tasks.answer import in_words

_NUMBERED = 16  # the largest number of classes for which a cell has room for its number


@dataclass(frozen=True, eq=False)
class ConfusionChart(Chart):
    """A confusion matrix: ``counts`` (R, C) of shapes by true class and answer, coloured by share of a row.

    ``classes`` name the rows, ``answers`` the columns. The colour is that of ``method``; ``title`` names the
    samples.
    """

    counts: Int64
    classes: tuple[str, ...]
    answers: tuple[str, ...]
    method: str
    title: str
    alone = True

    def draw(self, axes: Axes, look: Look) -> None:
        """See `Chart.draw`."""
        shares = self.counts / self.counts.sum(axis=1, keepdims=True).clip(min=1)
        colour = look.visible(method_colour(self.method))
        shades = LinearSegmentedColormap.from_list("shares", [look.palette.paper, colour])
        axes.pcolormesh(shares, cmap=shades, vmin=0, vmax=1, edgecolors=look.palette.grid, linewidth=0.4)
        axes.set_aspect("equal")
        axes.set_xticks(
            np.arange(len(self.answers)) + 0.5, [in_words(name) for name in self.answers], rotation=90
        )
        axes.set_yticks(np.arange(len(self.classes)) + 0.5, [in_words(name) for name in self.classes])
        axes.set_ylim(len(self.classes), 0)
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_xlabel("taken for")
        axes.set_ylabel("is")
        axes.set_title(self.title)
        if len(self.answers) <= _NUMBERED:
            for (row, column), count in np.ndenumerate(self.counts):
                if count:
                    axes.text(
                        column + 0.5, row + 0.5, str(count), ha="center", va="center",
                        size=0.85 * look.size, color=_readable(shades(shares[row, column])),
                    )  # fmt: skip

    def height(self, width: float, look: Look) -> float:
        """See `Chart.height`."""
        longest = max(len(name) for name in (*self.classes, *self.answers)) * 0.55 * look.size / 72
        cell = (width - longest) / len(self.answers)
        return cell * len(self.classes) + longest + 4 * look.size / 72


def _readable(colour: tuple[float, float, float, float]) -> str:
    """Black or white, whichever is legible on ``colour``."""
    red, green, blue, _ = colour
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.55 else "white"

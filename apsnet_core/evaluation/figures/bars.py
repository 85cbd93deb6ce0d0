"""Bar charts: a number of each method for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from apsnet_core.evaluation.figures.chart import Chart, Handle
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.methods.styles import MethodStyle, method_styles
from apsnet_core.tasks.answer import in_words

_HATCHES = ("", "////", "....", "xxxx")
_TALLEST = 9.0  # inches, a page


@dataclass(frozen=True)
class Bars:
    """The ``values`` of a method, one for each class; its displayed ``label``, and its name, ``method``."""

    label: str
    method: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class BarChart(Chart):
    """Bars of each method for each of ``classes``, from the top; ``limit`` is the end of the axis."""

    classes: tuple[str, ...]
    bars: tuple[Bars, ...]
    label: str
    limit: float | None = None
    alone = True

    def draw(self, axes: Axes, look: Look) -> None:
        """See `Chart.draw`."""
        count = len(self.bars)
        thick = 0.84 / count
        for place, (bars, style) in enumerate(zip(self.bars, self._styles(), strict=True)):
            at = [row + (place - (count - 1) / 2) * thick for row in range(len(self.classes))]
            axes.barh(
                at, bars.values, height=0.92 * thick, color=look.visible(style.colour), linewidth=0,
                hatch=_HATCHES[style.rank % len(_HATCHES)], edgecolor=look.palette.paper,
            )  # fmt: skip
        axes.set_yticks(range(len(self.classes)), [in_words(name) for name in self.classes])
        axes.set_ylim(len(self.classes) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.set_xlim(0, self.limit)
        axes.set_xlabel(self.label)

    def height(self, width: float, look: Look) -> float:
        """See `Chart.height`."""
        line = look.size / 72
        return min(3 * line + len(self.classes) * max(2 * line, 0.55 * line * len(self.bars)), _TALLEST)

    def legend(self, look: Look) -> Sequence[Handle]:
        """See `Chart.legend`."""
        return [
            Patch(
                facecolor=look.visible(style.colour), hatch=_HATCHES[style.rank % len(_HATCHES)], linewidth=0,
                edgecolor=look.palette.paper, label=bars.label,
            )
            for bars, style in zip(self.bars, self._styles(), strict=True)
        ]  # fmt: skip

    def _styles(self) -> list[MethodStyle]:
        return method_styles([bars.method for bars in self.bars])

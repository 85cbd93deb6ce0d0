"""A number against the time of a sample, with the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from apsnet_core.evaluation.figures.chart import Chart, Handle
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.evaluation.figures.series import Reading, Series, line_of, sizes_of, styles_of
from apsnet_core.evaluation.figures.ticks import mark_logarithmic

FRONT = "no other is both faster and better"


@dataclass(frozen=True)
class ParetoChart(Chart):
    """The readings of ``series`` against their time, each series joined; a step line joins the Pareto front.

    ``label`` names the number; ``higher`` if more of it is better.
    """

    series: tuple[Series, ...]
    label: str
    higher: bool = False
    logarithmic: bool = False
    limits: tuple[float, float] | None = None

    def draw(self, axes: Axes, look: Look) -> None:
        """See `Chart.draw`."""
        timed = self._timed()
        readings = [reading for each in timed for reading in each.readings]
        for each, style in zip(timed, styles_of(self.series), strict=True):
            line = line_of(style, look)
            x, y = [_ms(reading) for reading in each.readings], [reading.value for reading in each.readings]
            line.set_data(x, y)
            axes.add_line(line)
        front = front_of(readings, self.higher)
        axes.plot(
            [_ms(reading) for reading in front], [reading.value for reading in front],
            drawstyle="steps-post", color=look.palette.quiet, linewidth=0.6 * look.line, zorder=1,
        )  # fmt: skip
        axes.autoscale_view()
        mark_logarithmic(axes, [_ms(reading) for reading in readings], x=True)
        axes.margins(x=0.12)
        values = [reading.value for reading in readings]
        if self.logarithmic and min(values) > 0:
            mark_logarithmic(axes, values)
        elif self.limits:
            axes.set_ylim(*self.limits)
        else:
            axes.set_ylim(min(0.0, *values), 1.08 * max(values) or 1.0)
        sizes = [str(m) for m in sizes_of(timed)]
        along = ", ".join(sizes if len(sizes) < 4 else [*sizes[:2], "…", sizes[-1]])
        axes.set_xlabel(f"time of one sample, ms (m = {along})")
        axes.set_ylabel(self.label)

    def legend(self, look: Look) -> Sequence[Handle]:
        """See `Chart.legend`."""
        handles = [
            line_of(style, look, each.label)
            for each, style in zip(self.series, styles_of(self.series), strict=True)
        ]
        return [*handles, Line2D([], [], color=look.palette.quiet, linewidth=0.6 * look.line, label=FRONT)]

    def _timed(self) -> list[Series]:
        return [
            Series(each.label, each.method, tuple(r for r in each.readings if r.seconds is not None))
            for each in self.series
        ]


def front_of(readings: Sequence[Reading], higher: bool) -> list[Reading]:
    """The readings that no other beats in both time and value, the fastest first."""
    front: list[Reading] = []
    for reading in sorted(readings, key=lambda r: (_ms(r), -r.value if higher else r.value)):
        if not front or (reading.value > front[-1].value if higher else reading.value < front[-1].value):
            front.append(reading)
    return front


def _ms(reading: Reading) -> float:
    assert reading.seconds is not None
    return 1000 * reading.seconds

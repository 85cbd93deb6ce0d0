"""A number against the sample size: Fig. 3 of the paper, and the time against m."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from apsnet_core.evaluation.figures.chart import Chart, Handle
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.evaluation.figures.series import Series, line_of, sizes_of, styles_of
from apsnet_core.evaluation.figures.ticks import mark_logarithmic, mark_sizes

_ASIDE = 0.028
"""Octaves between methods of one size, so that their intervals do not hide each other."""


@dataclass(frozen=True)
class LineChart(Chart):
    """A curve for each of ``series``, with intervals if there are any; ``label`` names the number.

    ``limits`` are the ends of a linear y axis, which by default starts at 0. ``faded`` curves are pale, for
    numbers of another source.
    """

    series: tuple[Series, ...]
    label: str
    logarithmic: bool = False
    limits: tuple[float, float] | None = None
    title: str = ""
    faded: bool = False

    def draw(self, axes: Axes, look: Look) -> None:
        """See `Chart.draw`."""
        intervals = any(reading.low is not None for each in self.series for reading in each.readings)
        for place, (each, style) in enumerate(zip(self.series, styles_of(self.series), strict=True)):
            if not each.readings:
                continue
            line = line_of(style, look, faded=self.faded)
            aside = 2.0 ** (_ASIDE * (place - (len(self.series) - 1) / 2)) if intervals else 1.0
            x = [aside * reading.m for reading in each.readings]
            for at, reading in zip(x, each.readings, strict=True):
                if reading.low is not None and reading.high is not None:
                    axes.plot(
                        [at, at], [reading.low, reading.high], color=line.get_color(),
                        linewidth=0.6 * look.line, solid_capstyle="butt",
                    )  # fmt: skip
            line.set_data(x, [reading.value for reading in each.readings])
            axes.add_line(line)
        mark_sizes(axes, sizes_of(self.series), look)
        axes.autoscale_view()
        ends = self._ends()
        if self.logarithmic and min(ends) > 0:
            mark_logarithmic(axes, ends)
        elif self.limits:
            axes.set_ylim(*self.limits)
        else:
            axes.set_ylim(min(0.0, *ends), 1.05 * max(ends) or 1.0)
        axes.set_ylabel(self.label)
        if self.title:
            axes.set_title(self.title)

    def legend(self, look: Look) -> Sequence[Handle]:
        """See `Chart.legend`."""
        styles = styles_of(self.series)
        return [line_of(style, look, each.label) for each, style in zip(self.series, styles, strict=True)]

    def _ends(self) -> list[float]:
        """All values, and the ends of their intervals."""
        readings = [reading for each in self.series for reading in each.readings]
        found = [reading.value for reading in readings]
        return found + [end for r in readings for end in (r.low, r.high) if end is not None]

"""Plots of one or several runs: the loss and its parts, the validation metric, the learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from apsnet_core.cloud import Float64
from apsnet_core.tasks.registry import tasks
from apsnet_core.training.run_curves import Series
from apsnet_core.training.run_state import RunState
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.axis import PlainAxis
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.when_seen import WhenSeen

# The Okabe-Ito palette without black and yellow: colour-blind users can distinguish these colours, on dark
# and on light backgrounds.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MAIN = ("loss", "score", "learning_rate")
PARTS = ("average", "maximal", "covering")  # the terms of the sampling loss, Eq. 7
SOLID, DASHED, DOTTED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
MEANINGS = {"sampling": "┄ sampling", "average": "mean", "maximal": "┄ max", "covering": "┈ cover"}
MEANS_FROM = 3
LEAST = 1e-9
PLOTS = {"Loss": 3, "Validation": 3, "Learning rate": 2}


@dataclass(frozen=True)
class Line:
    """The style of a curve: ``colour`` is an index into `COLOURS`, or None for the text colour."""

    key: str
    name: str
    colour: int | None
    style: Qt.PenStyle = SOLID


class TrainingCurves(QWidget):
    """Plots one or several runs. The wheel zooms, a drag moves, a double click shows everything.

    For a single run it plots all curves, with a colour for each sample size. For several runs it plots only
    the main curves, with a colour for each run.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._runs: list[RunState] = []
        self._smoothing = 0.0
        self._in_parts = False
        self._items: dict[tuple[str, Line], pg.PlotDataItem] = {}
        self._drawn: dict[tuple[str, Line], tuple[Series, float]] = {}
        self.plots: dict[str, pg.PlotWidget] = {}
        self.legends: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GRID // 2, 0, 0)
        row.setSpacing(GRID)
        for name, share in PLOTS.items():
            self.plots[name], self.legends[name] = _plot(name), QLabel()
            self.legends[name].setTextFormat(Qt.TextFormat.RichText)
            self.legends[name].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(self.legends[name])
            column.addWidget(self.plots[name], 1)
            row.addLayout(column, share)
        theme.changed.connect(WhenSeen(self, self._tint).ask)
        self._tint()

    def show_runs(self, runs: Sequence[RunState]) -> None:
        """Plot these runs."""
        self._runs = list(runs)
        wanted = {(name, line): series for name in PLOTS for line, series in self._lines(name)}
        if list(wanted) != list(self._items):
            self._lay_out(list(wanted))
        for (name, line), series in wanted.items():
            factor = 0.0 if name == "Learning rate" else self._smoothing
            if self._drawn.get((name, line)) == (series, factor):
                continue
            self._drawn[name, line] = series, factor
            values = smooth(series.values, factor)
            self._items[name, line].setData(
                series.epochs,
                values.clip(min=LEAST) if name == "Loss" else values,
                symbol="o" if len(values) == 1 else None,  # a single point would not be drawn as a line
                symbolSize=7,
                symbolBrush=self._colour(line),
                symbolPen=None,
            )

    def set_smoothing(self, factor: float) -> None:
        """Set the smoothing: 0 shows the measured values; the nearer to 1, the longer the running mean."""
        self._smoothing = factor
        self.show_runs(self._runs)

    def set_parts(self, wanted: bool) -> None:
        """Choose whether the parts of the sampling loss replace the loss in the plot of a single run."""
        self._in_parts = wanted
        self.show_runs(self._runs)

    def _lines(self, plot: str) -> list[tuple[Line, Series]]:
        if len(self._runs) == 1:
            curves = {key: series for key, series in curves_of(self._runs[0], plot).items() if key != "score"}
            if plot == "Loss":
                curves = {key: line for key, line in curves.items() if _is_part(key) == self._in_parts}
            return [(line, curves[line.key]) for line in lines_of(list(curves))]
        found = []
        for i, run in enumerate(self._runs):
            for key, series in curves_of(run, plot).items():
                if key in MAIN:
                    found.append((Line(str(run.folder), run.name, i % len(COLOURS)), series))
        return found

    def _lay_out(self, wanted: list[tuple[str, Line]]) -> None:
        self._items.clear()
        self._drawn.clear()
        for name, plot in self.plots.items():
            item = plot.getPlotItem()
            item.clear()
            # The axis is logarithmic because the parts of a loss differ by orders of magnitude.
            item.setLogMode(y=name == "Loss" and len(self._runs) == 1)
            item.enableAutoRange()
            lines = [line for where, line in wanted if where == name]
            for line in lines:
                width = 2 if line.colour is None else 1.4
                pen = pg.mkPen(self._colour(line), width=width, style=line.style)
                self._items[name, line] = item.plot(pen=pen, antialias=True)
            self.legends[name].setText(self._legend(name, lines))

    def _colour(self, line: Line) -> str:
        return self._theme.colours.text if line.colour is None else COLOURS[line.colour]

    def _legend(self, plot: str, lines: list[Line]) -> str:
        """The legend as rich text: the title, the colours, and the meaning of dashes and dots."""
        faint = self._theme.colours.faint
        title = plot
        if plot == "Validation" and lines and len(self._runs) == 1:
            title += f" · {metric_title(lines[0].key.partition('@')[0])}"
        if plot == "Loss" and any(_is_part(line.key) for line in lines):
            title = "Sampling"
        words = [f"<b style='color:{faint}'>{title}</b>"]
        names = dict.fromkeys((line.name, self._colour(line)) for line in lines)
        if len(names) > 1 and (len(self._runs) == 1 or plot == "Loss"):
            words += [f"<span style='color:{colour}'>{name}</span>" for name, colour in names]
        meanings = dict.fromkeys(filter(None, (_meaning(line.key) for line in lines)))
        words += [f"<span style='color:{faint}'>{meaning}</span>" for meaning in meanings]
        return "&nbsp;&nbsp;".join(words)

    def _tint(self) -> None:
        colours = self._theme.colours
        for plot in self.plots.values():
            plot.setBackground(colours.panel)
            for side in ("left", "bottom"):
                axis = plot.getPlotItem().getAxis(side)
                axis.setPen(colours.line)
                axis.setTextPen(colours.faint)
        self._items.clear()
        self._drawn.clear()
        self.show_runs(self._runs)


def _plot(name: str) -> pg.PlotWidget:
    axes = {side: PlainAxis(side) for side in ("left", "bottom")}
    plot = pg.PlotWidget(axisItems=axes, enableMenu=False)  # creating a menu takes as long as the plot
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it handles no keys and would not show the focus
    plot.setAccessibleName(name)
    plot.hideButtons()
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    plot.setMinimumHeight(GRID * 12)
    item = plot.getPlotItem()
    item.setLabel("bottom", "epoch")
    item.setLimits(xMin=0, **{"yMin": 0} if name != "Loss" else {})  # the loss has a logarithmic axis
    item.showGrid(x=True, y=True, alpha=0.15)
    item.setDownsampling(auto=True, mode="peak")
    item.setClipToView(True)
    plot.scene().sigMouseClicked.connect(lambda event: item.enableAutoRange() if event.double() else None)
    return plot


def curves_of(run: RunState, plot: str) -> dict[str, Series]:
    """The curves of a run in one plot: means of epochs if there are at least `MEANS_FROM`, else steps."""
    if plot == "Validation":
        found = _named(run, "validation/")
        return {key: series for key, series in found.items() if not key.startswith("distinct")}
    means = run.curves.get("epoch/loss")
    curves = _named(run, "epoch/" if means is not None and len(means.epochs) >= MEANS_FROM else "step/")
    return {key: series for key, series in curves.items() if (key == MAIN[2]) == (plot == "Learning rate")}


def _named(run: RunState, kind: str) -> dict[str, Series]:
    return {key.removeprefix(kind): series for key, series in run.curves.items() if key.startswith(kind)}


def lines_of(keys: Sequence[str]) -> list[Line]:
    """The style of each curve: a colour for each sample size, dashes or dots for its variants and parts."""
    sizes = list(dict.fromkeys(_size(key) for key in keys if _size(key)))
    lines = []
    for key in keys:
        size = _size(key)
        colour = sizes.index(size) % len(COLOURS) if size else None
        dashed = key.startswith(("sampling", "maximal")) or key.endswith(":m") or key == "projection"
        style = DOTTED if key.startswith("covering") else DASHED if dashed else SOLID
        lines.append(Line(key, size or key.replace("_", " "), colour, style))
    return lines


def _meaning(key: str) -> str:
    """The legend entry for the line style of a curve; empty for a solid line."""
    return "┄ matched" if key.endswith(":m") else MEANINGS.get(key.partition("@")[0], "")


def _is_part(key: str) -> bool:
    return key.partition("@")[0] in PARTS


def _size(key: str) -> str:
    return key.partition("@")[2].partition(":")[0]


def metric_title(name: str) -> str:
    """The title of a metric; its name, with spaces for underscores, if its plug-in is not loaded."""
    named = {own.name: own.short for row in tasks() for own in (row.metric, row.of_all_points)}
    return named.get(name, name.replace("_", " "))


def smooth(values: Float64, factor: float) -> Float64:
    """The exponential running mean: a value has ``factor`` times the weight of the next one.

    It is normalised by the sum of the weights, which removes the bias at the start.
    """
    if factor <= 0:
        return values
    means, mean, weight = np.empty(len(values)), 0.0, 0.0
    for i, value in enumerate(values.tolist()):
        mean = factor * mean + (1 - factor) * value
        weight = factor * weight + (1 - factor)
        means[i] = mean / weight
    return means

"""Fig. 3 of the paper, drawn from the numbers of an evaluation."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from apsnet_core.evaluation.figures.samples import INK, new_figure, style_axes
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import by_label, sizes_of
from apsnet_core.methods.registry import MARKERS, method_colour
from apsnet_core.tasks.registry import metric, task
from apsnet_core.types import Values


def metric_figure(table: Table) -> Figure:
    """Fig. 3: the metric against m, with 95 % intervals; beside it, to the same scale, what the paper has."""
    methods, row = by_label(table.rows), task(table.task)
    metric = row.metric
    sizes = sizes_of(table.rows)
    published = any(each.published is not None for each in table.rows)
    figure = new_figure(9.6 if published else 5.6, 4.4)
    top = 0.84 if len(methods) <= (7 if published else 4) else 0.81
    figure.subplots_adjust(left=0.05 if published else 0.085, right=0.985, top=top, bottom=0.075, wspace=0.06)
    own = figure.add_subplot(1, 2 if published else 1, 1)
    _curves(own, methods)
    style_axes(own, f"{metric.axis} · {table.held_out.name}", sizes, not metric.higher)
    if published and row.paper:
        theirs = figure.add_subplot(1, 2, 2, sharey=own)
        _published_curves(theirs, methods, metric.factor / (2 if row.paper.doubled else 1))
        halved = ", halved" if row.paper.doubled else ""
        style_axes(theirs, f"The paper, Table {row.paper.table}{halved}", sizes, not metric.higher)
        theirs.tick_params(labelleft=False)
    if metric.higher:
        own.set_ylim(0, 100)
    handles, labels = own.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper left", ncols=7 if published else 4, frameon=False, labelcolor=INK,
        fontsize=8.5, handlelength=2.0, columnspacing=1.2, handletextpad=0.5,
        bbox_to_anchor=(0.0, 1.0), borderaxespad=0.3,
    )  # fmt: skip
    return figure


def _curves(axes: Axes, methods: dict[str, dict[int, TableRow]]) -> None:
    for place, ((label, rows), style) in enumerate(zip(methods.items(), _styles(methods), strict=True)):
        shown = [row for _, row in sorted(rows.items())]
        factor = metric(shown[0].metric).factor
        # Side by side, so that intervals of one size do not hide each other.
        aside = 2.0 ** (0.035 * (place - (len(methods) - 1) / 2))
        values = [factor * row.value for row in shown]
        axes.errorbar(
            [aside * row.m for row in shown], values, label=label, elinewidth=1.0, markersize=4.5,
            yerr=[
                [value - factor * row.low for value, row in zip(values, shown, strict=True)],
                [factor * row.high - value for value, row in zip(values, shown, strict=True)],
            ],
            **style,
        )  # fmt: skip


def _published_curves(axes: Axes, methods: dict[str, dict[int, TableRow]], factor: float) -> None:
    for rows, style in zip(methods.values(), _styles(methods), strict=True):
        numbers = {m: row.published for m, row in sorted(rows.items()) if row.published is not None}
        if numbers:
            values = [factor * number for number in numbers.values()]
            axes.plot(list(numbers), values, alpha=0.45, markersize=4.5, **style)


def _styles(methods: dict[str, dict[int, TableRow]]) -> list[Values]:
    """A method keeps its colour; its variants differ in line and marker."""
    styles: list[Values] = []
    for rows in methods.values():
        colour = method_colour(next(iter(rows.values())).method)
        rank = [style["color"] for style in styles].count(colour)
        line = ("-", "--", ":", "-.")[min(rank, 3)]
        styles.append(
            {"color": colour, "marker": MARKERS[rank % len(MARKERS)], "linestyle": line, "linewidth": 1.7}
        )
    return styles

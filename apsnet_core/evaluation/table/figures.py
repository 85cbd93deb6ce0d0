"""The figures of an evaluation: Fig. 3 of the paper, classes, confusions, distributions, differences."""

from __future__ import annotations

import numpy as np

from apsnet_core.evaluation.figures.bars import BarChart, Bars
from apsnet_core.evaluation.figures.chart import ChartFigure
from apsnet_core.evaluation.figures.confusion import ConfusionChart
from apsnet_core.evaluation.figures.distribution import DistributionChart, Spread
from apsnet_core.evaluation.figures.lines import LineChart
from apsnet_core.evaluation.figures.paired import PairedChart, PairedDifference
from apsnet_core.evaluation.figures.series import Reading, Series
from apsnet_core.evaluation.table.leaders import confusion, winner
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import by_label, sizes_of
from apsnet_core.names import own_name
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task


def fig3(table: Table) -> ChartFigure:
    """The metric against m, with 95 % intervals; beside it the paper's numbers, on their own scale."""
    methods, row = by_label(table.rows), task(table.task)
    metric, paper = row.metric, row.paper
    limits = (0.0, 100.0) if metric.higher else None
    own = tuple(
        Series(label, _method(rows), tuple(_reading(row, metric.factor) for _, row in sorted(rows.items())))
        for label, rows in methods.items()
    )
    charts = [LineChart(own, metric.axis, not metric.higher, limits, table.held_out.name)]
    factor = metric.factor / (2 if paper and paper.doubled else 1)
    theirs = tuple(
        Series(
            label,
            _method(rows),
            tuple(_published(row, factor) for _, row in sorted(rows.items()) if row.published is not None),
        )
        for label, rows in methods.items()
    )
    if paper and any(each.readings for each in theirs):
        halved = ", halved" if paper.doubled else ""
        title = f"The paper, Table {paper.table}{halved}"
        charts.append(LineChart(theirs, metric.axis, not metric.higher, limits, title, faded=True))
    return ChartFigure("plot", f"{metric.title} against the number of points", tuple(charts))


def figures(table: Table) -> list[ChartFigure]:
    """All figures for which the table has numbers."""
    return [fig3(table), *_classes(table), *_confusions(table), *_distributions(table), *_differences(table)]


def _classes(table: Table) -> list[ChartFigure]:
    metric, found = metric_named(table.metric), []
    for m in sizes_of(table.rows):
        rows = [row for row in table.rows if row.m == m and row.per_class]
        if rows:
            bars = tuple(
                Bars(row.label, row.method, tuple(metric.factor * value for value in row.per_class.values()))
                for row in rows
            )
            chart = BarChart(tuple(rows[0].per_class), bars, metric.axis, 100.0 if metric.right else None)
            found.append(ChartFigure(f"classes-{m}", f"{metric.title} of each class, {m} points", (chart,)))
    return found


def _confusions(table: Table) -> list[ChartFigure]:
    names = table.held_out.classes
    found: list[ChartFigure] = []
    present = [k for k in range(len(names)) if (table.held_out.labels == k).any()]
    for row in table.rows:
        if (row.label, row.m) in table.answers:
            title = f"{row.label}, {row.m} points"
            counts = confusion(table, row.label, row.m)[present]
            chart = ConfusionChart(counts, tuple(names[k] for k in present), names, row.method, title)
            name = own_name(f"confusion {row.label} {row.m}".lower(), [each.name for each in found], "-")
            found.append(ChartFigure(name, f"Confusion matrix: {title}", (chart,)))
    return found


def _distributions(table: Table) -> list[ChartFigure]:
    metric = metric_named(table.metric)
    found: list[ChartFigure] = []
    if metric.right:  # a shape is only right or wrong, so there is no distribution
        return found
    for m in sizes_of(table.rows):
        spreads = tuple(
            Spread(row.label, row.method, metric.factor * np.asarray(table.shapes[row.label, m]))
            for row in table.rows
            if row.m == m
        )
        chart = DistributionChart(spreads, metric.axis, not metric.higher, f"{m} points")
        found.append(ChartFigure(f"shapes-{m}", f"{metric.title} over the shapes, {m} points", (chart,)))
    return found


def _differences(table: Table) -> list[ChartFigure]:
    metric, found = metric_named(table.metric), []
    names = {row.label: row.method for row in table.rows}
    for m in sorted({pair.m for pair in table.pairs}):
        differences = []
        for pair in (pair for pair in table.pairs if pair.m == m):
            by = pair.difference
            value, low, high = (metric.factor * end for end in (by.value, by.low, by.high))
            better = names.get(winner(pair) or "")
            differences.append(PairedDifference(pair.first, pair.second, value, low, high, better))
        label = f"{metric.unit.strip()} points" if metric.right else metric.axis
        chart = PairedChart(tuple(differences), label, f"{m} points")
        found.append(ChartFigure(f"paired-{m}", f"Paired differences, {m} points", (chart,)))
    return found


def _method(rows: dict[int, TableRow]) -> str:
    return next(iter(rows.values())).method


def _reading(row: TableRow, factor: float) -> Reading:
    ends = (factor * row.low, factor * row.high)
    if not np.isfinite(ends).all():  # the interval of a single shape is infinite
        return Reading(row.m, factor * row.value)
    return Reading(row.m, factor * row.value, *ends)


def _published(row: TableRow, factor: float) -> Reading:
    assert row.published is not None
    return Reading(row.m, factor * row.published)

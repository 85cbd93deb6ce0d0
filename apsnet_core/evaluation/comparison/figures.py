"""The figures of a comparison: each number against m and against the time."""

from __future__ import annotations

from collections.abc import Sequence

from apsnet_core.evaluation.comparison.columns import Column, columns_of
from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.evaluation.figures.chart import Chart, ChartFigure
from apsnet_core.evaluation.figures.lines import LineChart
from apsnet_core.evaluation.figures.pareto import ParetoChart
from apsnet_core.evaluation.figures.series import Reading, Series

_AGAINST_TIME = ("chamfer_relative", "coverage", "verdict.value")


def overview(rows: Sequence[ComparisonRow]) -> ChartFigure:
    """A figure with every number against m, side by side; distances only relative to the diagonal."""
    columns = [column for column in columns_of(rows) if column.scaled is None and not column.of_scans]
    charts = tuple(_against_m(rows, column) for column in columns)
    return ChartFigure("plot", "Every number against the number of points", charts)


def figures(rows: Sequence[ComparisonRow]) -> list[ChartFigure]:
    """A figure of each number against m, including the time, and of some numbers against the time."""
    columns = columns_of(rows)
    found = [_figure(rows, column) for column in columns]
    for column in columns:
        if column.key in _AGAINST_TIME:
            title = f"{column.title} against the time"
            found.append(ChartFigure(f"{_name(rows, column)}-time", title, (_against_time(rows, column),)))
    return found


def figure_of(rows: Sequence[ComparisonRow], key: str) -> ChartFigure:
    """The figure of the number with that key against m; KeyError for another key."""
    column = {column.key: column for column in columns_of(rows)}[key]
    return _figure(rows, column)


def _figure(rows: Sequence[ComparisonRow], column: Column) -> ChartFigure:
    title = f"{column.title} against the number of points"
    return ChartFigure(_name(rows, column), title, (_against_m(rows, column),))


def _name(rows: Sequence[ComparisonRow], column: Column) -> str:
    verdict = rows[0].verdict
    key = verdict.metric.name if verdict and column.key == "verdict.value" else column.key
    return key.rpartition(".")[2].replace("_", "-")


def _against_m(rows: Sequence[ComparisonRow], column: Column) -> Chart:
    return LineChart(
        _series(rows, column), _label(column), logarithmic=_logarithmic(column), limits=_limits(column)
    )


def _against_time(rows: Sequence[ComparisonRow], column: Column) -> Chart:
    return ParetoChart(
        _series(rows, column), _label(column), column.higher, _logarithmic(column), _limits(column)
    )


def _series(rows: Sequence[ComparisonRow], column: Column) -> tuple[Series, ...]:
    found: dict[str, list[ComparisonRow]] = {}
    for row in rows:
        found.setdefault(row.label, []).append(row)
    series = []
    for label, own in found.items():
        readings = tuple(_reading(row, column) for row in sorted(own, key=lambda row: row.m))
        series.append(Series(label, own[0].method, readings))
    return tuple(series)


def _reading(row: ComparisonRow, column: Column) -> Reading:
    low, high = column.interval(row) or (None, None)
    return Reading(row.m, column.of(row), low, high, row.seconds)


def _label(column: Column) -> str:
    return f"{column.title.replace(' /', '/')}, {column.unit}"


def _logarithmic(column: Column) -> bool:
    return not column.higher and column.key != "verdict.value" and not column.of_scans


def _limits(column: Column) -> tuple[float, float] | None:
    return (0, 100) if column.unit == "%" and column.higher else None

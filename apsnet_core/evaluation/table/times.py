"""The times of a table's methods for one sample of its shapes, and its numbers against these times."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.figures.chart import ChartFigure
from apsnet_core.evaluation.figures.lines import LineChart
from apsnet_core.evaluation.figures.pareto import ParetoChart
from apsnet_core.evaluation.figures.series import Reading, Series
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import by_label
from apsnet_core.evaluation.timing import Times, about_times, hardware, measured
from apsnet_core.methods.creating import CheckedSampler, create
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Values

Cell = tuple[str, int]


@dataclass(frozen=True)
class TableTimes:
    """The times of rows by label and size; ``on`` names the machine, ``about`` tells how they were measured.

    ``left_out`` has a sentence for each row without a time.
    """

    times: dict[Cell, Times]
    on: str
    left_out: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """A sentence on the runs, the intervals and the machine."""
        return about_times(list(self.times.values()), self.on)

    def as_data(self) -> Values:
        """The times as plain values for JSON: seconds by label and size."""
        rows = [{"label": label, "m": m, **vars(times)} for (label, m), times in self.times.items()]
        return {"on": self.on, "about": self.about, "rows": rows, "left_out": list(self.left_out)}


def times_of(table: Table) -> TableTimes:
    """Sample the first shape of the ``table`` by every method at every size: once to warm up, then timed."""
    cloud = PointCloud(table.held_out.cloud(0))
    found: dict[Cell, Times] = {}
    left_out = []
    for row in table.rows:
        spec = table.methods[row.label]
        try:
            sampler = _sampler(table, row)
            sampler.sample(cloud, row.m)
            found[row.label, row.m] = measured(lambda: sampler.sample(cloud, row.m).seconds)  # noqa: B023
        except ValueError as why:
            left_out.append(f"{spec.label} at {row.m} points was not timed: {why}")
    return TableTimes(found, hardware(), tuple(left_out))


def _sampler(table: Table, row: TableRow) -> CheckedSampler:
    """The sampler for the size of ``row``; a network for a single size has other weights at each size."""
    spec = table.methods[row.label]
    if row.weights is not None and not spec.row.any_size:
        spec = replace(spec, weights=row.weights.partition(", ")[0])
    return create(spec, table.task, table.up, m=row.m)


def time_figures(table: Table, timed: TableTimes) -> list[ChartFigure]:
    """The time of one sample against m with intervals, and the metric against the time."""
    metric = metric_named(table.metric)
    cells = [row for row in table.rows if (row.label, row.m) in timed.times]
    if not cells:
        return []
    limits = (0.0, 100.0) if metric.higher else None
    took, against = [], []
    for label, rows in by_label(cells).items():
        own = [(row, timed.times[label, row.m]) for _, row in sorted(rows.items())]
        method = own[0][0].method
        seconds = tuple(
            Reading(row.m, 1000 * each.seconds, *(end and 1000 * end for end in (each.low, each.high)))
            for row, each in own
        )
        numbers = tuple(Reading(row.m, metric.factor * row.value, seconds=each.seconds) for row, each in own)
        took.append(Series(label, method, seconds))
        against.append(Series(label, method, numbers))
    return [
        ChartFigure(
            "time",
            f"Time of one sample against the number of points. {timed.about}",
            (LineChart(tuple(took), "time of one sample, ms", True, title=f"on {timed.on}"),),
        ),
        ChartFigure(
            f"{metric.name.replace('_', '-')}-time",
            f"{metric.title} against the time of one sample. {timed.about}",
            (ParetoChart(tuple(against), metric.axis, metric.higher, not metric.higher, limits),),
        ),
    ]

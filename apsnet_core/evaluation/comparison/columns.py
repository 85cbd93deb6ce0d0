"""The columns of a comparison: how its numbers are shown, and which of them are the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.length_unit import told_in
from apsnet_core.methods.warm_time import ABOUT
from apsnet_core.percent import percent
from apsnet_core.tasks.answer import in_words
from apsnet_core.units import readable


@dataclass(frozen=True)
class Column:
    """How a number of a `ComparisonRow` is shown: ``key`` is its attribute; ``higher`` if more is better.

    ``about`` is a sentence that explains it. ``scaled`` is the key of the same number divided by the cloud's
    diagonal, which is shown beside it if there is room.
    """

    key: str
    title: str
    unit: str
    digits: str
    factor: float = 1.0
    higher: bool = False
    about: str = ""
    scaled: str | None = None

    def of(self, row: ComparisonRow) -> float:
        """The value of a row, in the displayed unit."""
        return self.factor * float(attrgetter(self.key)(row))

    def interval(self, row: ComparisonRow) -> tuple[float, float] | None:
        """The interval of a row's value, in the displayed unit; None if it has none."""
        low, high = row.times.low, row.times.high
        if self.key != "seconds" or low is None or high is None:
            return None
        return self.factor * low, self.factor * high

    @property
    def of_scans(self) -> bool:
        """Whether it is a number of `ScanQuality`, which only scans have."""
        return self.key.startswith("quality.")

    def parts(self, row: ComparisonRow) -> list[str]:
        """The shares behind a number: of each class, or plane, among the points and among the samples."""
        kept = row.quality and {"Class shift": row.quality.classes, "Plane shift": row.quality.planes}
        return [
            f"{each.name}: {percent(each.before, 1)} of the points, {percent(each.after, 1)} of the samples"
            for each in (kept or {}).get(self.title, ())
        ]

    def number(self, row: ComparisonRow) -> str:
        """The number as text, without its interval."""
        return readable(self.of(row), self.digits)

    def text(self, row: ComparisonRow) -> str:
        """The number with its interval, and with the class if it differs from that of the whole cloud."""
        verdict = row.verdict if self.key == "verdict.value" else None
        other = verdict.answer if verdict and verdict.answer != verdict.whole else None
        named = f" ({in_words(other)})" if other else ""
        interval = self.interval(row)
        ends = f" ({' to '.join(readable(end, self.digits) for end in interval)})" if interval else ""
        return self.number(row) + ends + named


_COLUMNS = [
    Column("chamfer", "Chamfer", "units²", ".4g", scaled="chamfer_relative"),
    Column("chamfer_relative", "Chamfer /d²", "%", ".3g", factor=100.0),
    Column("hausdorff", "Hausdorff", "units", ".4g", scaled="hausdorff_relative"),
    Column("hausdorff_relative", "Hausdorff /d", "%", ".3g", factor=100.0),
    Column("coverage", "Coverage", "%", ".1f", factor=100.0, higher=True),
    Column("seconds", "Time", "ms", ".3g", factor=1000.0, about=ABOUT),
]


_OF_SCANS = [
    Column(
        "quality.unevenness",
        "Unevenness",
        "%",
        ".3g",
        factor=100.0,
        about="Spread of the distances to the nearest other sample (deviation over mean): 0 for a grid, 52 "
        "for random points, more for clustered samples",
    ),
    Column(
        "quality.class_shift",
        "Class shift",
        "%",
        ".3g",
        factor=100.0,
        about="Share of the samples that would have to change their class so that each class keeps its share "
        "of the cloud",
    ),
    Column(
        "quality.plane_shift",
        "Plane shift",
        "%",
        ".3g",
        factor=100.0,
        about="Share of the samples that would have to move so that each large plane keeps its share of the "
        "cloud",
    ),
]


_WITHOUT_CLASSES = [column for column in _OF_SCANS if column.title != "Class shift"]


def columns_of(rows: Sequence[ComparisonRow]) -> list[Column]:
    """The columns of a table of ``rows``: for every cloud, for a scan, and for a task net if there is one."""
    verdict, length, quality = rows[0].verdict, rows[0].length_unit, rows[0].quality
    of_scans = () if quality is None else _OF_SCANS if quality.field is not None else _WITHOUT_CLASSES
    columns = [*_COLUMNS, *of_scans]
    columns = [replace(column, unit=told_in(column.unit, length)) for column in columns]
    if verdict is None:
        return columns
    metric = verdict.metric
    own = Column(
        "verdict.value", verdict.title, metric.unit_name, metric.digits, metric.factor, metric.higher
    )
    return [*columns, own]


def best(rows: Sequence[ComparisonRow]) -> set[tuple[int, str]]:
    """The (row number, column key) of the best value of each column among the rows of one size.

    Values with the same text are equally good. A time is best only if its interval is below those of all
    others.
    """
    winners = set()
    for column in columns_of(rows):
        for m in {row.m for row in rows}:
            rivals = [index for index, row in enumerate(rows) if row.m == m]
            if column.key == "seconds":
                winners |= {(index, column.key) for index in rivals if _fastest(rows, index, rivals)}
            elif len(rivals) > 1:
                values = {index: column.of(rows[index]) for index in rivals}
                goal = readable((max if column.higher else min)(values.values()), column.digits)
                winners |= {(index, column.key) for index in rivals if column.number(rows[index]) == goal}
    return winners


def _fastest(rows: Sequence[ComparisonRow], index: int, rivals: Sequence[int]) -> bool:
    others = [rows[rival].times for rival in rivals if rival != index]
    return bool(others) and all(rows[index].times.surely_below(other) for other in others)

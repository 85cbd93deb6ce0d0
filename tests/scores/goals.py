"""What the shipped weights should reach on held-out shapes, and by how much they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apsnet_core.evaluation.table.table import Table


@dataclass(frozen=True)
class Goal:
    """``margin`` is how far beyond the goal the number is, negative where it is missed, in ``unit``."""

    what: str
    goal: str
    measured: str
    margin: float
    unit: str
    paper: str = ""

    @property
    def line(self) -> str:
        told = "met" if self.margin >= 0 else "**missed**"
        by = (
            f"{abs(self.margin):.1f} points"
            if self.unit == "points"
            else f"{abs(self.margin):.2f}{self.unit}"
        )
        return f"| {self.what} | {self.goal} | {self.measured} | {told} by {by} | {self.paper} |"


def as_table(tables: list[Table]) -> str:
    """All goals, met or missed and by how much, in Markdown."""
    lines = [goal.line for table in tables for goal in _GOALS[table.task](table)]
    head = "| | goal | measured | | the paper's margin |\n|---|---|---|---|---|\n"
    return head + "\n".join(lines) + "\n"


def _classification(table: Table) -> Iterator[Goal]:
    at = _values(table, 100)
    full = 100 * table.full
    yield Goal("PointNet on all points", "89 % or better", f"{full:.1f} %", full - 89, "points")
    for m, wanted, paper in ((8, 35, 58), (16, 15, 30), (32, 2, 11)):
        over = at["apsnet:g", m] - at["farthest_point", m]
        what = f"APSNet-G over farthest point, m = {m}"
        yield Goal(what, f"+{wanted} points", f"{over:+.1f}", over - wanted, "points", f"+{paper}")
    under = full - at["apsnet:g", 32]
    yield Goal(
        "APSNet-G under all points, m = 32", "at most 4 points", f"{under:.1f}", 4 - under, "points", "2"
    )
    for m, paper in ((8, 3), (16, 3), (32, 5), (64, 4)):
        over = at["apsnet:g", m] - max(at["samplenet:g", m], at["samplenet:m", m])
        what = f"APSNet-G over the better SampleNet, m = {m}"
        yield Goal(what, "better", f"{over:+.1f}", over, "points", f"+{paper}")
    for m in (8, 16, 32, 64, 128):
        under = at["apsnet:g", m] - at["apsnet_kd:g", m]
        what = f"APSNet-KD-G under APSNet-G, m = {m}"
        yield Goal(what, "at most 3 points", f"{under:.1f}", 3 - under, "points", "about 1")


def _errors(title: str, unit: str, papers: tuple[str, ...]) -> Callable[[Table], Iterator[Goal]]:
    def goals(table: Table) -> Iterator[Goal]:
        at = _values(table, 1)
        for m, paper in zip((8, 16, 32, 64), papers, strict=True):
            own, rival = at["apsnet:g", m], min(at["samplenet:g", m], at["samplenet:m", m])
            what = f"{title} of APSNet-G under the better SampleNet, m = {m}"
            yield Goal(what, f"below {rival:.2f}{unit}", f"{own:.2f}{unit}", rival - own, unit, paper)
            if m <= 16:
                half = at["farthest_point", m] / 2
                what = f"{title} of APSNet-G, half of farthest point, m = {m}"
                yield Goal(what, f"at most {half:.2f}{unit}", f"{own:.2f}{unit}", half - own, unit)

    return goals


_GOALS = {
    "classification": _classification,
    "reconstruction": _errors("NRE", "", ("4.27", "2.51", "1.54", "1.07")),
    "registration": _errors("Rotation error", "°", ("", "", "", "")),
}


def _values(table: Table, factor: float) -> dict[tuple[str, int], float]:
    return {
        (row.method + (f":{row.variant}" if row.variant else ""), row.m): factor * row.value
        for row in table.rows
        if "separate" not in row.label
    }

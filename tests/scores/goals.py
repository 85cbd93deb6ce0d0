"""The goals of the shipped weights on held-out shapes, and the statistical verdicts (the protocol)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.differences import (
    Difference,
    Term,
    Verdict,
    holm,
    kept,
    paired_bootstrap,
    verdict,
)
from apsnet_core.evaluation.table.table import Table

SIZES = (8, 16, 32, 64)
ALONE, PLUS = "apsnet:g@separate", "apsnet_plus:g@separate"


@dataclass(frozen=True)
class Goal:
    """A goal; its margin is the mean of the ``terms`` plus ``constant``, and should be 0 or above."""

    what: str
    wanted: str
    terms: list[Term]
    constant: float = 0.0
    unit: str = "points"
    paper: str = ""


@dataclass(frozen=True)
class Judged:
    """A goal of a table with its ``margin``, the margin ``without`` near twins, and the verdict."""

    goal: Goal
    margin: Difference
    without: Difference | None
    verdict: Verdict

    @property
    def line(self) -> str:
        told = f"**{self.verdict}**" if self.verdict == "missed" else self.verdict
        cells = [self.goal.what, self.goal.wanted, self._text(self.margin)]
        cells += ["–" if self.without is None else self._text(self.without), told, self.goal.paper]
        return "| " + " | ".join(cells) + " |"

    def _text(self, found: Difference) -> str:
        digits = 1 if self.goal.unit == "points" else 2
        value, low, high = (f"{number:+.{digits}f}" for number in (found.value, found.low, found.high))
        return f"{value} ({low} to {high})"


def judge(table: Table, transfer: bool = False) -> list[Judged]:
    """Judge the goals of a table; Holm's correction is applied over all of them."""
    return _judged(table, list((_transfer if transfer else _GOALS[table.task])(table)))


def judge_plus(table: Table) -> list[Judged]:
    """Judge the goals of APSNet+ networks for a single size, as a separate family of tests."""
    return _judged(table, list(_plus(table)))


def _judged(table: Table, goals: list[Goal]) -> list[Judged]:
    margins = [paired_bootstrap(goal.terms, goal.constant) for goal in goals]
    adjusted = holm([margin.p for margin in margins])
    own = ~table.held_out.has_twin
    some = not own.all() and own.any()
    return [
        Judged(
            goal,
            margin,
            paired_bootstrap(kept(goal.terms, own), goal.constant) if some else None,
            verdict(margin, p),
        )
        for goal, margin, p in zip(goals, margins, adjusted, strict=True)
    ]


def as_table(judged: list[Judged]) -> str:
    """A Markdown table of all goals and verdicts."""
    head = "| | goal | by how much | without near twins | | the paper |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(each.line for each in judged) + "\n"


_Runs = dict[tuple[str, int], Float64]


def _classification(table: Table) -> Iterator[Goal]:
    at, full = _runs(table), 100 * table.full_shapes[None]
    yield Goal("PointNet on all points", "89 % or better", [(1, full)], -89)
    for m, wanted, paper in ((8, 35, 58), (16, 15, 30), (32, 2, 11)):
        terms = _over(at["apsnet:g", m], at["farthest_point", m])
        what = f"APSNet-G over farthest point, m = {m}"
        yield Goal(what, f"+{wanted} points", terms, -wanted, paper=f"+{paper}")
    under: list[Term] = [(100, at["apsnet:g", 32]), (-1, full)]
    yield Goal("APSNet-G under all points, m = 32", "at most 4 points", under, 4, paper="2")
    paper_over = {"g": (3, 3, 8, 9), "m": (8, 4, 5, 4)}
    own, name = _own(at)
    for variant, margins in paper_over.items():
        for m, paper in zip(SIZES, margins, strict=True):
            what = f"{name} over SampleNet-{variant.upper()}, m = {m}"
            yield Goal(what, "better", _over(own[m], at[f"samplenet:{variant}", m]), paper=f"+{paper}")
    yield from _mean_over_sizes(at)
    for m in (*SIZES, 128):
        if (ALONE, m) in at:
            terms = _over(at["apsnet:g", m], at[ALONE, m])
            yield Goal(f"APSNet-G under separate APSNet-G, m = {m}", "at most 1 point", terms, 1)
        terms = _over(at["apsnet_kd:g", m], at["apsnet:g", m])
        what = f"APSNet-KD-G under APSNet-G, m = {m}"
        yield Goal(what, "at most 1 point", terms, 1, paper="about 1")


def _transfer(table: Table) -> Iterator[Goal]:
    """The goals for shapes from another source than that of the training."""
    at = _runs(table)
    if table.task != "classification":
        yield from _errors("NRE" if table.metric == "nre" else "Rotation error", "", halves=False)(table)
        return
    own, name = _own(at)
    for variant in "gm":
        for m in SIZES:
            terms = _over(own[m], at[f"samplenet:{variant}", m])
            yield Goal(f"{name} over SampleNet-{variant.upper()}, m = {m}", "better", terms)
    for m in (32, 64):
        yield Goal(
            f"{name} over farthest point, m = {m}", "not below", _over(own[m], at["farthest_point", m])
        )


def _plus(table: Table) -> Iterator[Goal]:
    at = _runs(table)
    own = [m for m in SIZES if (PLUS, m) in at]
    rivals = {"APSNet-G, separate": ALONE, "SampleNet-M": "samplenet:m", "S-NET-G": "snet:g"}
    for label, rival in rivals.items():
        for m in own:
            yield Goal(f"APSNet+-G over {label}, m = {m}", "better", _over(at[PLUS, m], at[rival, m]))
        if own:
            terms = [term for m in own for term in _over(at[PLUS, m], at[rival, m], 100 / len(own))]
            yield Goal(f"APSNet+-G over {label}, mean of m = {own[0]} to {own[-1]}", "better", terms)


def _own(at: _Runs) -> tuple[dict[int, Float64], str]:
    """The runs and the name of the APSNets to compare with SampleNets, for a single size if there are any."""
    key, name = (ALONE, "APSNet-G, separate,") if (ALONE, 8) in at else ("apsnet:g", "APSNet-G")
    return {m: runs for (method, m), runs in at.items() if method == key}, name


def _mean_over_sizes(at: _Runs) -> Iterator[Goal]:
    own, name = _own(at)
    for variant in "gm":
        terms = [term for m in SIZES for term in _over(own[m], at[f"samplenet:{variant}", m], 25)]
        yield Goal(f"{name} over SampleNet-{variant.upper()}, mean of m = 8 to 64", "better", terms)


def _errors(
    title: str, unit: str, papers: tuple[str, ...] = ("",) * 4, halves: bool = True
) -> Callable[[Table], Iterator[Goal]]:
    def goals(table: Table) -> Iterator[Goal]:
        at = _runs(table)
        own, name = _own(at)
        for m, paper in zip(SIZES, papers, strict=True):
            for variant in "gm":
                what = f"{title} of {name} under SampleNet-{variant.upper()}, m = {m}"
                # The terms have the same order as in a `Pair`, so that the bootstrap draws the same seeds.
                terms: list[Term] = [(-1, own[m]), (1, at[f"samplenet:{variant}", m])]
                yield Goal(what, "lower", terms, unit=unit, paper=paper)
            if m <= 16 and halves:
                what = f"{title} of {name} against farthest point, m = {m}"
                terms = [(0.5, at["farthest_point", m]), (-1, own[m])]
                yield Goal(what, "at most half", terms, unit=unit)

    return goals


_GOALS = {
    "classification": _classification,
    "reconstruction": _errors("NRE", "", ("4.27", "2.51", "1.54", "1.07")),
    "registration": _errors("Rotation error", "°"),
}


def _over(own: Float64, rival: Float64, factor: float = 100) -> list[Term]:
    return [(factor, own), (-factor, rival)]


def _runs(table: Table) -> _Runs:
    """The runs by METHOD and size; METHOD@separate for APSNets that were trained for a single size."""
    found: _Runs = {}
    for row in table.rows:
        name = row.method + (f":{row.variant}" if row.variant else "")
        key = f"{name}@separate" if row.label.endswith(", separate") else name
        found[key, row.m] = np.asarray(table.runs[row.label, row.m])
    return found

"""One row of a comparison as the reference: how far the others are from it, and whether that is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apsnet_core.evaluation.comparison.columns import Column, columns_of
from apsnet_core.evaluation.comparison.comparison import Cell, ComparisonRow
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.placing import counted
from apsnet_core.tasks.answer import in_words
from apsnet_core.types import Values
from apsnet_core.units import readable

MINUS, SAME = "\u2212", "±0"


@dataclass(frozen=True)
class Reference:
    """The method ``spec`` at ``m`` points; without ``m``, at the size of the row that is compared with it."""

    spec: MethodSpec
    m: int | None = None

    def beside(self, row: ComparisonRow, cells: Sequence[Cell]) -> ComparisonRow | None:
        """The row among ``cells`` that ``row`` is compared with; None if it failed, or is ``row`` itself."""
        m = self.m or row.m
        rows = (cell for cell in cells if isinstance(cell, ComparisonRow))
        found = next((each for each in rows if each.spec == self.spec and each.m == m), None)
        return None if found is row else found

    def __str__(self) -> str:
        """The value of ``apsnet compare --reference`` for it."""
        return f"{self.spec},{self.m}" if self.m else str(self.spec)

    @property
    def words(self) -> str:
        """The reference in words: "Farthest point at the same size"."""
        return f"{self.spec.label} at {counted(self.m, 'point') if self.m else 'the same size'}"

    @property
    def note(self) -> str:
        """A sentence that names the reference of the differences in a table."""
        return f"Δ is the difference to {self.words}; differences of shares are in percentage points."


@dataclass(frozen=True)
class Difference:
    """A number minus that of the reference: ``value`` in the unit of its column, and ``text`` for display.

    ``better`` is None if both numbers have the same text, and for times that may differ by chance.
    """

    value: float
    text: str
    better: bool | None


def difference(column: Column, row: ComparisonRow, reference: ComparisonRow) -> Difference:
    """The difference of a number of ``row`` from the ``reference``, with the decimals of the larger one."""
    value = column.of(row) - column.of(reference)
    texts = column.number(row), column.number(reference)
    if texts[0] == texts[1]:
        return Difference(value, SAME, None)
    if column.key == "seconds":
        times = row.times, reference.times
        better = True if times[0].surely_below(times[1]) else None
        better = False if times[1].surely_below(times[0]) else better
    else:
        better = (value > 0) == column.higher
    numbers = sorted((abs(column.of(row)), abs(column.of(reference))), reverse=True)
    size = _size(abs(value), column, numbers)
    return Difference(value, f"{MINUS if value < 0 else '+'}{size}", better)


def _size(value: float, column: Column, numbers: Sequence[float]) -> str:
    """Format ``value`` with the decimals of the first of ``numbers`` that do not round it to zero."""
    for number in numbers:
        shown = format(number, f"#{column.digits}")
        decimals = len(shown.partition(".")[2])
        if "e" not in shown and float(format(value, f".{decimals}f")):
            text = f"{value:.{decimals}f}"
            return text.rstrip("0").rstrip(".") if decimals and column.digits.endswith("g") else text
    return readable(value, column.digits)


def difference_unit(column: Column) -> str:
    """The unit of a column's differences: percentage points for shares."""
    return "percentage points" if column.unit == "%" else column.unit


def sentence(column: Column, row: ComparisonRow, reference: ComparisonRow) -> str:
    """A sentence with the difference, both numbers, the unit, and whether it is better."""
    found = difference(column, row, reference)
    both = f"{column.title}: {column.number(row)} {column.unit}, of the reference {column.number(reference)}"
    if found.text == SAME:
        return f"{both}: the same."
    unit, size = difference_unit(column), found.text.lstrip(f"+{MINUS}")
    judged = {True: ", which is better", False: ", which is worse", None: ""}[found.better]
    if column.key == "seconds" and found.better is None:
        judged = ", which may be chance: their intervals are not apart"
    return f"{both}: {size} {unit} {'more' if found.value > 0 else 'less'}{judged}."


def difference_values(row: ComparisonRow, reference: ComparisonRow | None) -> Values:
    """The differences of a row for programs, in the units of its values; empty without a reference."""
    if reference is None:
        return {}
    return {
        f"{column.key.rpartition('.')[2]}_difference": (column.of(row) - column.of(reference)) / column.factor
        for column in columns_of([row])
    }


def answers_beside(row: ComparisonRow, reference: ComparisonRow) -> str:
    """A sentence that compares the task net's answers for both samples; empty without a task net."""
    own, other = row.verdict, reference.verdict
    if own is None or other is None:
        return ""
    metric = own.metric
    numbers = metric.text(other.value, unit=True), metric.text(own.value, unit=True)
    if own.answer is None or other.answer is None:
        if numbers[0] == numbers[1]:
            return f"{metric.title} of both: {numbers[0]}."
        better = (own.value > other.value) == metric.higher
        return f"{metric.title}: {numbers[1]} in place of {numbers[0]}, {'better' if better else 'worse'}."
    names = [in_words(verdict.answer) for verdict in (other, own) if verdict.answer]
    seen = f" ({own.title}: {numbers[1]} in place of {numbers[0]})" if numbers[0] != numbers[1] else ""
    if names[0] == names[1]:
        return f"The answer stays {names[0]}{seen}."
    return f"The answer changes from {names[0]} to {names[1]}{seen}."

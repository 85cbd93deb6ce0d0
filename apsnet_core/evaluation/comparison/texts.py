"""A comparison as tables: for people, and as records for programs."""

from __future__ import annotations

from collections.abc import Sequence

from apsnet_core.evaluation.comparison.columns import Column, best, columns_of
from apsnet_core.evaluation.comparison.comparison import Cell, Comparison, ComparisonRow, FailedCell
from apsnet_core.evaluation.comparison.reference import Reference, difference, difference_values
from apsnet_core.evaluation.sheets import text
from apsnet_core.evaluation.sheets.sheet import Cell as SheetCell
from apsnet_core.evaluation.sheets.sheet import Head, Sheet
from apsnet_core.evaluation.timing import about_times
from apsnet_core.length_unit import told_in
from apsnet_core.types import Values

DIAGONAL = (
    "d is the diagonal of the cloud's bounding box; distances divided by d do not depend on the file's units."
)
ONE_SHAPE = "Bold: the best of its size on this shape. One shape does not test a method."

_UNITS = {
    "chamfer": "units²",
    "chamfer_relative": "diagonal²",
    "hausdorff": "units",
    "hausdorff_relative": "diagonal",
    "coverage": "share",
    "seconds": "s",
    "seconds_low": "s",
    "seconds_high": "s",
}


def records(cells: Sequence[Cell], reference: Reference | None = None) -> list[Values]:
    """All cells as plain values with the same names in each; values of failed methods are None.

    With a ``reference`` also the differences from it: ``chamfer_difference``, and so on.
    """
    found = [cell.as_dict() for cell in cells]
    for cell, record in zip(cells, found, strict=True):
        if reference is not None and isinstance(cell, ComparisonRow):
            record |= difference_values(cell, reference.beside(cell, cells))
    names = list(dict.fromkeys(name for record in found for name in record))
    return [{name: record.get(name) for name in names} for record in found]


def units_of(cells: Sequence[Cell], reference: Reference | None = None) -> dict[str, str]:
    """The unit of each value of `records` that has one."""
    verdicts = [cell.verdict for cell in cells if isinstance(cell, ComparisonRow) and cell.verdict]
    rows = [cell for cell in cells if isinstance(cell, ComparisonRow)]
    units = {name: told_in(unit, rows[0].length_unit if rows else "") for name, unit in _UNITS.items()}
    if verdicts:
        metric = verdicts[0].metric
        units["value"] = "share" if metric.unit_name == "%" else metric.unit_name
    if rows and rows[0].quality is not None:
        units |= dict.fromkeys(rows[0].quality.values, "share")
    if reference is None:
        return units
    plain = [name for name in units if not name.endswith(("_low", "_high"))]
    return units | {f"{name}_difference": units[name] for name in plain}


def as_csv(cells: Sequence[Cell], reference: Reference | None = None) -> str:
    """CSV text: a line of names, then one line for each of ``cells``, with numbers in full precision."""
    return text.as_csv(records(cells, reference), units_of(cells, reference))


def as_markdown(cells: Sequence[Cell], reference: Reference | None = None) -> str:
    """A Markdown table with rounded numbers, the best of each size in bold."""
    return text.as_markdown(sheet_of(cells, "", bold=True, reference=reference))


def sheet_of(
    cells: Sequence[Cell],
    title: str,
    notes: Sequence[str] = (),
    *,
    bold: bool,
    reference: Reference | None = None,
) -> Sheet:
    """The table for display, with the best times in bold; with ``bold``, all best numbers of each size.

    With a ``reference`` each number is followed by its difference from that. ValueError if none of ``cells``
    has a number.
    """
    rows = [cell for cell in cells if isinstance(cell, ComparisonRow)]
    if not rows:
        raise ValueError("no method gave samples: there is no number for a table")
    columns, winners = columns_of(rows), best(rows)
    lines, starts, at = [], set(), 0
    for place, cell in enumerate(cells):
        if place and cells[place - 1].spec != cell.spec:
            starts.add(place)
        line = [SheetCell(cell.label), SheetCell(str(cell.m), cell.m)]
        if isinstance(cell, FailedCell):
            line += [SheetCell.absent(cell.why) for _ in columns]
        else:
            other = reference.beside(cell, cells) if reference else None
            line += [
                SheetCell(
                    column.text(cell) + (f" (Δ {difference(column, cell, other).text})" if other else ""),
                    column.of(cell),
                    (at, column.key) in winners and (bold or column.key == "seconds"),
                )
                for column in columns
            ]
            at += 1
        lines.append(tuple(line))
    heads = Head("Method", words=True), Head("m"), *map(head_of, columns)
    said = (reference.note, *notes) if reference else tuple(notes)
    return Sheet("Comparison", title, heads, tuple(lines), said, frozenset(starts))


def notes_of(comparison: Comparison) -> list[str]:
    """Sentences that explain the numbers of a comparison."""
    times = about_times([row.times for row in comparison.rows], comparison.hardware)
    said = (comparison.remark, comparison.warning, *comparison.notes)
    return [DIAGONAL, times, *(sentence for sentence in said if sentence)]


def head_of(column: Column) -> Head:
    """The head of a column in a table for people."""
    return Head(column.title, column.unit)

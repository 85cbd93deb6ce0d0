"""The tables of an evaluation for papers and spreadsheets."""

from __future__ import annotations

from apsnet_core.evaluation.sheets.sheet import Cell, Head, Sheet
from apsnet_core.evaluation.table.leaders import leaders
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import (
    BOLD,
    PAIR_HEAD,
    by_label,
    interval_text,
    pair_cells,
    sizes_of,
    summary,
    value_text,
)
from apsnet_core.tasks.registry import metric as metric_named


def sheets_of(table: Table) -> list[Sheet]:
    """The values, the best by the tests in bold, their intervals, and the paired tests if there are any."""
    metric, sure = metric_named(table.metric), leaders(table)
    title = f"{metric.title} on {table.held_out.name}"
    heads = Head("Method", words=True), *(Head(f"m = {m}", metric.unit.strip()) for m in sizes_of(table.rows))
    values, intervals = [], []
    for label, rows in by_label(table.rows).items():
        some = next(iter(rows.values()))
        own, ends = [Cell(label)], [Cell(label)]
        for m in sizes_of(table.rows):
            row = rows.get(m)
            if row is None:
                own.append(Cell.absent(_why(table, some, m)))
                ends.append(Cell.absent(_why(table, some, m)))
                continue
            own.append(Cell(value_text(row), metric.factor * row.value, (label, m) in sure))
            ends.append(Cell(interval_text(row)))
        values.append(tuple(own))
        intervals.append(tuple(ends))
    for label, why in table.untrained.items():
        values.append((Cell(label), *[Cell.absent(why)] * len(sizes_of(table.rows))))
    notes = (BOLD, *summary(table))
    sheets = [
        Sheet("Values", title, heads, tuple(values), notes),
        Sheet("Intervals", f"{title}, 95 % intervals", heads, tuple(intervals)),
    ]
    return [*sheets, _paired(table, title)] if table.pairs else sheets


def _paired(table: Table, title: str) -> Sheet:
    heads = [
        Head("Methods", words=True),
        Head("m"),
        *(Head(text, words=text == "test") for text in PAIR_HEAD),
    ]
    rows = [
        (
            Cell(f"{pair.first} against {pair.second}"),
            Cell(str(pair.m), pair.m),
            *map(Cell, pair_cells(pair, table.metric)),
        )
        for pair in table.pairs
    ]
    return Sheet("Paired", f"{title}, paired on the same shapes", tuple(heads), tuple(rows))


def _why(table: Table, row: TableRow, m: int) -> str:
    said = (note for note in table.notes if note.startswith(f"{row.method} has no"))
    return next(said, f"{row.label} has no weights for {m} points.")

"""The rows of a comparison as text for other programs: CSV for tables, Markdown for pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from apsnet_core.evaluation.comparison.comparison import ComparisonRow, best, columns_of


def as_csv(rows: Sequence[ComparisonRow]) -> str:
    """One line for each row under a line of names, numbers in full."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0].as_dict()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.as_dict() for row in rows)
    return text.getvalue()


def as_markdown(rows: Sequence[ComparisonRow]) -> str:
    """A table with the numbers as a person reads them, the best of each size in bold."""
    columns, winners = columns_of(rows), best(rows)
    lines = [
        ["Method", "m", *(f"{column.title} ({column.unit})" for column in columns)],
        ["---", *["---:"] * (1 + len(columns))],
    ]
    for index, row in enumerate(rows):
        cells = [
            f"**{column.text(row)}**" if (index, column.key) in winners else column.text(row)
            for column in columns
        ]
        lines.append([row.label, str(row.m), *cells])
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)

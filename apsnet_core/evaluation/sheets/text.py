"""Tables as text: CSV for other programs, Markdown for pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from apsnet_core.evaluation.sheets.sheet import Sheet, head_of, keys_of
from apsnet_core.types import Values


def as_csv(records: Sequence[Values], units: Mapping[str, str]) -> str:
    """A line of names with units, then one for each record; full precision, empty for missing values."""
    keys, text = keys_of(records), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head_of(key, units) for key in keys)
    writer.writerows([record.get(key) for key in keys] for record in records)
    return text.getvalue()


def as_markdown(sheet: Sheet) -> str:
    """A Markdown table with rounded numbers, and its footnotes."""
    lines = [
        [_escaped(head.text) for head in sheet.heads],
        ["---" if head.words else "---:" for head in sheet.heads],
    ]
    for row in sheet.rows:
        texts = [_escaped(sheet.marked(cell)) for cell in row]
        lines.append([f"**{text}**" if cell.bold else text for cell, text in zip(row, texts, strict=True)])
    table = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    return table + "".join(f"\n{_escaped(note)}\n" for note in sheet.footnotes)


def _escaped(text: str) -> str:
    """Escape text for Markdown, in one line."""
    for mark in "\\|*`<":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())

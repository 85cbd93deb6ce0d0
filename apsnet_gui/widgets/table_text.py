"""Convert a table to text that can be pasted into a spreadsheet."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt


def text_of(model: QAbstractItemModel) -> str:
    """The header and the rows of a table, one line each, with tabs between the cells.

    Line breaks and tabs within a cell become spaces.
    """
    columns = range(model.columnCount())
    lines = [[model.headerData(c, Qt.Orientation.Horizontal) for c in columns]]
    lines += [[model.index(r, c).data() for c in columns] for r in range(model.rowCount())]
    return "".join("\t".join(map(_in_one_line, line)) + "\n" for line in lines)


def _in_one_line(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split("\n")).replace("\t", " ")

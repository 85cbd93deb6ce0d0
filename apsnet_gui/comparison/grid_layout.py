"""Divides the comparison's area into views of equal size, as large as possible."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRect

GAP = 4
SHAPE = 1.15  # a view that is a little wider than high shows most


def layout_views(count: int, width: int, height: int, of_each: int = 1) -> list[QRect]:
    """``count`` rectangles within (width, height), in rows.

    Where there are several ``of_each`` kind, one after another, a kind has a column or a row of its own.
    """
    if count == 0:
        return []

    def worth(columns: int) -> float:
        rows = ceil(count / columns)
        return min((width / columns) / SHAPE, height / rows)

    several = of_each > 1
    columns = max((of_each, count // of_each) if several else range(1, count + 1), key=worth)
    rows = ceil(count / columns)
    across, down = (width + GAP) // columns, (height + GAP) // rows
    places = [(i // columns, i % columns) for i in range(count)]
    if several and columns != of_each:  # a kind is a column
        places = [(i % of_each, i // of_each) for i in range(count)]
    return [QRect(column * across, row * down, across - GAP, down - GAP) for row, column in places]

"""Where views stand side by side: as large as they can be, all of one size."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRect

GAP = 4
SHAPE = 1.15  # a view that is a little wider than high shows most


def arrange(count: int, width: int, height: int) -> list[QRect]:
    """``count`` rectangles in rows within (width, height), in reading order."""
    if count == 0:
        return []

    def worth(columns: int) -> float:
        rows = ceil(count / columns)
        return min((width / columns) / SHAPE, height / rows)

    columns = max(range(1, count + 1), key=worth)
    rows = ceil(count / columns)
    across, down = (width + GAP) // columns, (height + GAP) // rows
    return [QRect(i % columns * across, i // columns * down, across - GAP, down - GAP) for i in range(count)]

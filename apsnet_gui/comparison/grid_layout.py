"""Divides the comparison's area into views of equal size, as large as possible."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRect, QSize

GAP = 4
SHAPE = 1.15  # the best ratio of a view's width to its height


@dataclass(frozen=True)
class Matrix:
    """Rectangles for the methods' headers, the sizes' headers, and the views of one method after another."""

    methods: list[QRect]
    sizes: list[QRect]
    views: list[QRect]


def layout_views(count: int, width: int, height: int) -> list[QRect]:
    """Divide (width, height) into ``count`` equal rectangles in rows, as large as possible."""
    if count == 0:
        return []
    columns = max(
        range(1, count + 1), key=lambda columns: _worth(width / columns, height / ceil(count / columns))
    )
    across, down = (width + GAP) // columns, (height + GAP) // ceil(count / columns)
    return [QRect(i % columns * across, i // columns * down, across - GAP, down - GAP) for i in range(count)]


def layout_matrix(methods: int, sizes: int, room: QSize, method: QSize, size: QSize) -> Matrix:
    """Lay out methods as rows and sizes as columns, or the reverse if the views are then larger.

    ``method`` and ``size`` have the width of a header at the side and its height at the top.
    """
    down = _Lines(room, across=sizes, down=methods, top=size.height(), left=method.width())
    across = _Lines(room, across=methods, down=sizes, top=method.height(), left=size.width())
    if _worth(down.wide, down.high) >= _worth(across.wide, across.high):
        views = [down.cell(j, i) for i in range(methods) for j in range(sizes)]
        return Matrix([down.side(i) for i in range(methods)], [down.head(j) for j in range(sizes)], views)
    views = [across.cell(i, j) for i in range(methods) for j in range(sizes)]
    return Matrix([across.head(i) for i in range(methods)], [across.side(j) for j in range(sizes)], views)


@dataclass(frozen=True)
class _Lines:
    room: QSize
    across: int
    down: int
    top: int
    left: int

    @property
    def wide(self) -> int:
        return (self.room.width() - self.left) // self.across

    @property
    def high(self) -> int:
        return (self.room.height() - self.top) // self.down

    def cell(self, column: int, row: int) -> QRect:
        return QRect(
            self.left + column * self.wide, self.top + row * self.high, self.wide - GAP, self.high - GAP
        )

    def head(self, column: int) -> QRect:
        return QRect(self.left + column * self.wide, 0, self.wide - GAP, self.top)

    def side(self, row: int) -> QRect:
        return QRect(0, self.top + row * self.high, self.left, self.high - GAP)


def _worth(width: float, height: float) -> float:
    return min(width / SHAPE, height)

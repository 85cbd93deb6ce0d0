"""A read-only table of numbers, with names on the left and digits of equal width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
)

from apsnet_gui.style.theme import tabular


class ShadeDelegate(QStyledItemDelegate):
    """Paints the background brush of a cell, which Qt ignores for widgets with a style sheet."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        shade = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(shade, QBrush):
            painter.fillRect(option.rect, shade)
        super().paint(painter, option, index)


class NumberTable(QTableWidget):
    """A read-only table without selection."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(ShadeDelegate(self))
        plain_table(self)

    def fill(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        icons: Sequence[QIcon] = (),
        shades: Sequence[Sequence[QColor]] = (),
    ) -> None:
        """Show ``rows`` under a ``head``, with ``icons`` before names and ``shades`` behind numbers."""
        self.setColumnCount(len(head))
        self.setRowCount(len(rows))
        self.setHorizontalHeaderLabels(list(head))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                item = QTableWidgetItem(text)
                if c:
                    item.setTextAlignment(right)
                elif icons:
                    item.setIcon(icons[r])
                if c and shades:
                    item.setBackground(shades[r][c - 1])
                self.setItem(r, c, item)

    def texts(self) -> list[list[str]]:
        """All texts in the table, row by row."""
        cells = [[self.item(r, c) for c in range(self.columnCount())] for r in range(self.rowCount())]
        return [[cell.text() if cell else "" for cell in row] for row in cells]


def plain_table(table: QTableView) -> None:
    """Style ``table`` for reading: no grid, no selection, columns as wide as their contents."""
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setFont(tabular(table.font()))
    table.setIconSize(QSize(12, 12))
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

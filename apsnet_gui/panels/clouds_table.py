"""The table of open shapes with visibility, colour, name and number of points."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.form_rows import counted, dot, grouped
from apsnet_gui.widgets.qt_types import QtValue

Index = QModelIndex | QPersistentModelIndex
EYE, COLOUR, NAME, COUNT = range(4)


class CloudsModel(QAbstractTableModel):
    """The table model with the document's entries as rows; edits go to the session."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session)
        self._session, self._theme = session, theme
        session.changed.connect(self._update)

    @property
    def entries(self) -> tuple[OpenShape, ...]:
        """The open shapes."""
        return self._session.document.entries

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 4

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> QtValue:
        entry, column = self.entries[index.row()], index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            seen = "shown" if entry.visible else "hidden"
            return {EYE: seen, COLOUR: entry.colour, NAME: entry.name, COUNT: counted(entry.count, "point")}[
                column
            ]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole) and column == NAME:
            return entry.name
        if role == Qt.ItemDataRole.DisplayRole and column == COUNT:
            return grouped(entry.count)
        if role == Qt.ItemDataRole.DecorationRole and column == EYE:
            tint = self._theme.colours.text if entry.visible else self._theme.colours.disabled
            return self._theme.icon("eye" if entry.visible else "eye-slash", tint)
        if role == Qt.ItemDataRole.DecorationRole and column == COLOUR:
            return dot(entry.colour)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == COUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return {
                EYE: "Show or hide (Space)",
                COLOUR: "Colour",
                NAME: entry.path,
                COUNT: "Points or vertices",
            }[column]
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not text:
            return False
        self._session.edit(self.entries[index.row()].id, "Rename", name=text)
        return True

    def _update(self, before: Document, after: Document) -> None:
        if [entry.id for entry in before.entries] != [entry.id for entry in after.entries]:
            self.beginResetModel()
            self.endResetModel()
        elif before.entries != after.entries or before.current != after.current:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.entries) - 1, COUNT))


class CloudsTable(QTableView):
    """The table; several rows can be selected. The eye and the colour of a row act as buttons.

    ``pressed_button`` reports a click on one of them, which does not change the selection. ``key_pressed``
    reports the keys Space, Delete and Backspace.
    """

    pressed_button = Signal(QModelIndex)
    key_pressed = Signal(int)

    def __init__(self, model: CloudsModel, theme: Theme) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Open shapes")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFont(tabular(self.font()))
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.setIconSize(QSize(16, 16))
        self._layout_columns()
        theme.changed.connect(self._layout_columns)

    def select_row(self, row: int) -> None:
        """Select only ``row``, unless it is already the current row."""
        if self.currentIndex().row() != row or not self.selectionModel().hasSelection():
            self.selectionModel().setCurrentIndex(
                self.model().index(row, NAME),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )

    @property
    def selected_rows(self) -> list[int]:
        """The selected rows in ascending order."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.column() in (EYE, COLOUR):
            self.pressed_button.emit(index)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).column() not in (EYE, COLOUR):
            super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.column() in (EYE, COLOUR):
            self.pressed_button.emit(index)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.key_pressed.emit(event.key())
        else:
            super().keyPressEvent(event)

    def _layout_columns(self) -> None:
        line = self.fontMetrics().height()
        header = self.horizontalHeader()
        header.setMinimumSectionSize(16)
        self.verticalHeader().setDefaultSectionSize(line + 12)
        for column, width in ((EYE, line + 14), (COLOUR, line + 10)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)

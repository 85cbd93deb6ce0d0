"""The list view of a dataset's shapes as pictures; Qt paints only the visible ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from apsnet_core.cloud import Int64
from apsnet_core.tasks.answer import in_words
from apsnet_gui.dataset.shape_pictures import SIZE, ShapePictures
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.qt_types import QtValue

if TYPE_CHECKING:
    from apsnet_gui.dataset.collection import Collection

Index = QModelIndex | QPersistentModelIndex
NARROWEST = SIZE.width() + GRID


class ShapeListModel(QAbstractListModel):
    """The list model; row r is shape ``shown[r]`` of the collection."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.collection: Collection | None = None
        self.shown: Int64 = np.empty(0, np.int64)

    def show(self, collection: Collection | None, shown: Int64) -> None:
        """List the shapes with the indices ``shown`` in the collection."""
        self.beginResetModel()
        self.collection, self.shown = collection, shown
        self.endResetModel()

    def row_of(self, shape: int | None) -> int | None:
        """The row of a shape in the list; None if it is not listed."""
        if shape is None:
            return None
        row = int(np.searchsorted(self.shown, shape))
        return row if row < len(self.shown) and self.shown[row] == shape else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> QtValue:
        if self.collection is None or not index.isValid():
            return None
        shape = int(self.shown[index.row()])
        name, label = self.collection.names[shape], in_words(self.collection.class_name(shape))
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{name}: {label}, {self.collection.part(shape)} part"
        return None


class ShapeDelegate(QStyledItemDelegate):
    """Paints a picture, the class under it, and the name under that."""

    def __init__(self, model: ShapeListModel, pictures: ShapePictures, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._model, self._pictures, self._theme, self._view = model, pictures, theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        collection = self._model.collection
        if collection is None:
            return
        shape, colours = int(self._model.shown[index.row()]), self._theme.colours
        box: QRect = option.rect.adjusted(2, 2, -2, -2)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(colours.accent) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(box, 6, 6)
        picture = self._pictures.picture(shape)
        if picture is not None:
            painter.drawImage(QPoint(box.center().x() - SIZE.width() // 2, box.top() + 2), picture)
        metrics = option.fontMetrics
        line, middle = metrics.height(), Qt.AlignmentFlag.AlignCenter
        words = QRect(box.left() + 4, box.top() + SIZE.height() + 4, box.width() - 8, line)
        texts = (
            (in_words(collection.class_name(shape)), colours.text, Qt.TextElideMode.ElideRight),
            (collection.names[shape], colours.faint, Qt.TextElideMode.ElideMiddle),
        )
        for text, colour, elide in texts:
            painter.setPen(QColor(colour))
            painter.drawText(words, middle, metrics.elidedText(text, elide, words.width()))
            words.translate(0, line)


class ShapeList(QListView):
    """A list view with as many columns of cells as fit; the arrow keys move between cells."""

    def __init__(self, pictures: ShapePictures, theme: Theme) -> None:
        super().__init__()
        self.shapes = ShapeListModel(self)
        self._pictures = pictures
        self.setModel(self.shapes)
        self.setItemDelegate(ShapeDelegate(self.shapes, pictures, theme, self))
        self.setAccessibleName("Shapes of the dataset")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        pictures.ready.connect(self.viewport().update)
        theme.changed.connect(self._lay_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    def _lay_out(self) -> None:
        self._pictures.ratio = self.devicePixelRatioF()
        wide = self.viewport().width() - 1
        columns = max(1, wide // NARROWEST)
        high = SIZE.height() + 2 * self.fontMetrics().height() + 12
        self.setGridSize(QSize(max(wide // columns, 1), high))
        self.verticalScrollBar().setSingleStep(high // 3)

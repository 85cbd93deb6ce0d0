"""The line over a view of the comparison: a handle to move it by, and words in the room there is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from apsnet_gui.style.theme import tabular

DRAG = 8


class Header(QFrame):
    """Is dragged to another place, and double-clicked to fill the comparison."""

    pressed = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    double_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cellHeader")
        self._grip: QPoint | None = None
        self._dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.globalPosition().toPoint()
        self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.globalPosition().toPoint()
        if self._grip is not None and (self._dragging or (at - self._grip).manhattanLength() > DRAG):
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        if self._dragging:
            self.dropped.emit(event.globalPosition().toPoint())
        self._grip, self._dragging = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


class Words(QLabel):
    """A line of text on the right, in as many words as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str] = []
        self.setFont(tabular(self.font()))
        self.setProperty("role", "faint")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, texts: list[str]) -> None:
        """The first of ``texts`` that fits, if any; they say the same in ever fewer words."""
        self._texts = texts
        self.setToolTip(texts[0] if texts else "")
        self.setAccessibleName(texts[0] if texts else "")
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        room, measure = self.width(), self.fontMetrics()
        self.setText(next((t for t in self._texts if measure.horizontalAdvance(t) <= room), ""))

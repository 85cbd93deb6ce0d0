"""Two fields for the ends of a range, side by side, or one below the other if the numbers are long."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.free_number import FreeNumber


class NumberPair(QWidget):
    """Arranges ``low`` and ``high`` so that all their digits are visible if possible."""

    def __init__(self, low: FreeNumber, high: FreeNumber) -> None:
        super().__init__()
        self.low, self.high, self._to = low, high, QLabel("to")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._beside: bool | None = None
        for end in (low, high):
            end.textChanged.connect(self._arrange)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def _arrange(self, *_: str) -> None:
        longest = max(self.low.whole, self.high.whole)
        beside = 2 * longest + self._to.sizeHint().width() + 2 * GRID <= self.width()
        if beside == self._beside:
            return
        self._beside = beside
        for widget in (self.low, self._to, self.high):
            self._grid.removeWidget(widget)
        if beside:
            places = (self.low, 0, 0, 1), (self._to, 0, 1, 1), (self.high, 0, 2, 1)
        else:
            places = (self.low, 0, 0, 3), (self._to, 1, 0, 1), (self.high, 1, 1, 2)
        for widget, row, column, columns in places:
            self._grid.addWidget(widget, row, column, 1, columns)
        for column in range(3):
            self._grid.setColumnStretch(column, int(column != 1) if beside else int(column == 1))

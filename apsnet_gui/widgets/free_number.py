"""A field for any finite number with any number of digits."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolTip

from apsnet_core.units import NARROW, concise
from apsnet_gui.style.theme import tabular

_DIGITS = 10
_STEPS: dict[int, int] = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}
_MARGINS = 5  # pixels that Qt keeps beside the text of a line edit, including the cursor


class FreeNumber(QLineEdit):
    """A number field; ``entered`` carries the typed number, ``refused`` a sentence about a wrong text.

    The arrow keys change the number by ``step``, Page Up and Page Down by ten steps; 0 switches this off.
    """

    entered = Signal(float)
    refused = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(tabular(self.font()))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 6))
        self._value, self._digits, self.step = 0.0, _DIGITS, 0.0
        self.editingFinished.connect(self._commit)

    @property
    def whole(self) -> int:
        """The smallest width in pixels that shows all digits."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        text = QSize(self.fontMetrics().horizontalAdvance(self.text()) + _MARGINS, 0)
        return self.style().sizeFromContents(QStyle.ContentsType.CT_LineEdit, option, text, self).width()

    def set_value(self, value: float, digits: int = _DIGITS) -> None:
        """Show a number with at most ``digits`` digits, unless the user is typing another one."""
        self._value, self._digits = value, digits
        if not self.isModified():
            self._show()
            self.setCursorPosition(0)

    def refuse(self, why: str) -> None:
        """Show ``why`` the typed number is not accepted, and restore the previous one."""
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), why, self)
        self.refused.emit(why)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter only accepts a typed number; without one, it presses the dialog's default button."""
        if self.step and event.key() in _STEPS:
            self._commit()
            self.entered.emit(self._value + _STEPS[event.key()] * self.step)
            return
        ends = self.isModified() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        super().keyPressEvent(event)
        if ends:
            event.accept()

    def _show(self) -> None:
        self.setText(concise(self._value, self._digits))
        self.setModified(False)

    def _commit(self) -> None:
        if not self.isModified():
            return
        text = self.text().strip().replace(NARROW, "").replace("\u2212", "-")
        try:
            number = float(text)
        except ValueError:
            self.refuse(f"“{text}” is not a number: type one such as 12.5 or 1e-3")
            return
        if not isfinite(number):
            self.refuse(f"{text} is not a finite number: type one such as 12.5 or 1e-3")
            return
        self.setModified(False)
        self.entered.emit(number)
        self._show()

"""A number field that keeps typed text until Enter, then accepts it or explains what it would accept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QToolTip

from apsnet_core.percent import percent
from apsnet_core.units import NARROW
from apsnet_gui.style.theme import tabular

_STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class NumberBox(QDoubleSpinBox):
    """A number from ``low`` to ``high`` with ``digits`` decimals; the text ``special`` stands for ``low``.

    With ``takes_shares``, a text such as "10 %" means a tenth of ``high``, but at least ``low``. ``refused``
    carries a sentence about a text that is not accepted. Unless the user is typing, the field leaves the
    keys of shortcuts to the program.
    """

    refused = Signal(str)

    def __init__(
        self, name: str, low: float, high: float, unit: str = "", digits: int = 0, special: str = ""
    ) -> None:
        super().__init__()
        self._typing = self.takes_shares = False
        self.setAccessibleName(name)
        self.setDecimals(digits)
        self.setRange(low, high)
        self.setSuffix(unit)
        self.setSpecialValueText(special)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(tabular(self.font()))
        self.lineEdit().textEdited.connect(self._begin_typing)

    @property
    def number(self) -> int:
        """The value of a field without decimals."""
        return round(self.value())

    def commit(self) -> None:
        """Accept the typed text, or refuse it with a sentence and restore the previous number."""
        if not self._typing:
            return
        self._typing = False
        try:
            number = self._typed()
        except ValueError as why:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), str(why), self)
            self.refused.emit(str(why))
            number = self.value()
        self.lineEdit().setText(self._text(number))
        self.setValue(number)
        self.selectAll()

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, at

    def valueFromText(self, text: str) -> float:
        try:
            return self._typed()
        except ValueError:
            return self.value()

    def event(self, event: QEvent) -> bool:
        # Without typed text, leave shortcuts such as Ctrl+Z to the program.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and not self._typing:
            commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            copies = event.key() in (Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_A)
            if event.modifiers() & commands and not copies:
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.commit()
            return
        if event.key() == Qt.Key.Key_Escape and self._typing:
            self._typing = False
            self.lineEdit().setText(self._text(self.value()))
            return
        if event.key() in _STEPS:
            self.commit()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.commit()
        super().focusOutEvent(event)

    def _begin_typing(self, _: str) -> None:
        self._typing = True

    def _typed(self) -> float:
        """The typed number; raises ValueError with a sentence if it is not acceptable."""
        text = self.lineEdit().text().removesuffix(self.suffix()).strip()
        if self.specialValueText() and text in ("", self.specialValueText()):
            return self.minimum()
        least = (
            f"{self.specialValueText()} and numbers up"
            if self.specialValueText()
            else self._text(self.minimum())
        )
        range_ = f"{least} to {self._text(self.maximum())} are accepted"
        if self.takes_shares:
            range_ += f", or a share such as {percent(0.1)}"
        plain = text.replace(NARROW, "").replace(" ", "").replace("\u2212", "-")
        is_share = self.takes_shares and plain.endswith("%")
        try:
            number = float(plain.removesuffix("%") if is_share else plain)
        except ValueError:
            raise ValueError(f"“{text}” is not a number: {range_}") from None
        if is_share and 0 < number <= 100:
            return max(self.minimum(), round(self.maximum() * number / 100, self.decimals()))
        if is_share:
            raise ValueError(f"{text} is not a share of the whole: {range_}")
        if not self.minimum() <= number <= self.maximum():
            raise ValueError(f"{text} is out of range: {range_}")
        if round(number, self.decimals()) != number:
            kind = (
                "is not a whole number"
                if not self.decimals()
                else f"is finer than {10 ** -self.decimals():g}"
            )
            raise ValueError(f"{text} {kind}: {range_}")
        return number

    def _text(self, number: float) -> str:
        if self.specialValueText() and number == self.minimum():
            return self.specialValueText()
        return self.textFromValue(number) + self.suffix()

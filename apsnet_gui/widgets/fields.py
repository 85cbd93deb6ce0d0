"""Combo boxes and sliders that leave the mouse wheel to the panel that contains them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QStylePainter,
    QToolTip,
    QWidget,
)

AROUND_ICON = 4  # pixels of space that Qt leaves between the icon of a box and its text


class ComboBox(QComboBox):
    """A combo box that reacts to the wheel only while it has the focus, which it gets by a click or Tab.

    A text that is too long ends in an ellipsis; the whole text is then the tooltip, unless there is another.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._fits:
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, self._room)
        option.currentText = words
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and not (self.toolTip() or self._fits):
            QToolTip.showText(event.globalPos(), self.currentText(), self)
            return True
        return super().event(event)

    @property
    def _room(self) -> int:
        """The width in pixels that is available for the text."""
        option, part = QStyleOptionComboBox(), QStyle.SubControl.SC_ComboBoxEditField
        self.initStyleOption(option)
        whole = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        beside = 0 if self.itemIcon(self.currentIndex()).isNull() else self.iconSize().width() + AROUND_ICON
        return whole - beside

    @property
    def _fits(self) -> bool:
        return self.isEditable() or self.fontMetrics().horizontalAdvance(self.currentText()) <= self._room


class ChoiceBox(ComboBox):
    """A combo box for a few choices, used where a button for each would need too much space.

    Its tooltip, and those of its items, explain the choices.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._choices: list[tuple[str, str]] = []

    def minimumSizeHint(self) -> QSize:
        """The size for the shortest text; longer ones are elided if there is no room."""
        widths = [self.fontMetrics().horizontalAdvance(text) for text, _ in self._choices] or [0]
        return super().minimumSizeHint() - QSize(max(widths) - min(widths), 0)

    def show_choice(self, choices: Sequence[tuple[str, str]], at: int) -> None:
        """Offer ``choices``, each a (text, tooltip), and select the one at index ``at``."""
        with QSignalBlocker(self):
            if self._choices != list(choices):
                self._choices = list(choices)
                self.clear()
                for row, (text, tip) in enumerate(choices):
                    self.addItem(text)
                    self.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(at)
        self.setToolTip(f"{self.accessibleName()}. {choices[at][0]}: {choices[at][1]}")


class Slider(QSlider):
    """A horizontal slider; a click moves the handle to that place, the wheel does nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.handle_width
        if event.button() == Qt.MouseButton.LeftButton:
            room, at = self.width() - handle, round(event.position().x()) - handle // 2
            here = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), self.sliderPosition(), room)
            if abs(at - here) > handle // 2:  # beside the handle
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room))
        super().mousePressEvent(event)

    @property
    def handle_width(self) -> int:
        """The width of the handle in pixels; the handle moves over the slider's width less its own."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self).width()

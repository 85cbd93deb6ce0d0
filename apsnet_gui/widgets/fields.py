"""Combo boxes and sliders that leave the mouse wheel to the panel they stand in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSlider, QStyle, QStyleOptionSlider, QWidget


class ComboBox(QComboBox):
    """The wheel changes it only while it has the focus, which it gets by a click or Tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Slider(QSlider):
    """A horizontal slider: a click moves the handle there, the wheel does nothing."""

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
        """The width of the handle in pixels; its middle moves over the rest of the slider."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self).width()

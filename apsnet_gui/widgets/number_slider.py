"""A slider with a number field; during a drag it limits the rate at which it reports changes."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from apsnet_gui.widgets.fields import Slider
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.number_box import NumberBox

PACE_MS = 120
WIDEST = "\u2212180.0 %"


class _EquallyWideBox(NumberBox):
    """A box with a fixed width, so that sliders below one another are aligned."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(WIDEST) + 3 * GRID, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class NumberSlider(QWidget):
    """A slider and a field for a number from ``low`` to ``high`` in steps of 10 to the power of -``digits``.

    ``moved`` is emitted at most every 120 ms, and always for the last value.
    """

    moved = Signal(float)

    def __init__(self, name: str, low: float, high: float, unit: str, digits: int = 0) -> None:
        super().__init__()
        self._scale = 10**digits
        self.slider = Slider()
        self.slider.setRange(round(low * self._scale), round(high * self._scale))
        self.slider.setPageStep(max(round((high - low) * self._scale / 10), 1))
        self.slider.setAccessibleName(f"{name}, slider")
        self.slider.setProperty("both", low < 0)  # if 0 is in the middle, no side is filled
        self.box = _EquallyWideBox(name, low, high, unit, digits)
        self.box.setSingleStep(1 / self._scale)
        self._pace = QTimer(self, singleShot=True, interval=PACE_MS)
        self._pace.timeout.connect(self._tell)
        self._told = 0.0
        self.slider.valueChanged.connect(lambda at: self._take(at / self._scale))
        self.slider.sliderReleased.connect(self._tell)
        self.box.valueChanged.connect(self._take)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)
        self.setFocusProxy(self.slider)

    @property
    def value(self) -> float:
        """The current number."""
        return self.box.value()

    def set_value(self, value: float) -> None:
        """Show ``value`` without a signal; ignored during a drag."""
        if self.slider.isSliderDown():
            return
        self._pace.stop()
        self._told = value
        self._show(value)

    def _show(self, value: float) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.box):
            self.slider.setValue(round(value * self._scale))
            self.box.setValue(value)

    def _take(self, value: float) -> None:
        self._show(value)
        if not self._pace.isActive():
            self._pace.start()

    def _tell(self) -> None:
        self._pace.stop()
        if self.value != self._told:
            self._told = self.value
            self.moved.emit(self.value)

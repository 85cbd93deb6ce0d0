"""A number field for one end of a colour range."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractSpinBox

from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.number_box import NumberBox

_MOST = 1e6
_DECIMALS = 9


class RangeBox(NumberBox):
    """A field for one end of a colour range; 0, its minimum, chooses the end from the data."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 0, _MOST, digits=_DECIMALS, special="auto")
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setToolTip("A weight; empty, 0 or auto uses the automatic value")

    def textFromValue(self, value: float) -> str:
        return f"{value:.4g}"

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("0.0000") + 3 * GRID, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

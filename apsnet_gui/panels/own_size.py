"""The point size of a single cloud: the common size, a size in pixels, or in units of the coordinates."""

from __future__ import annotations

from math import sqrt

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QWidget

from apsnet_core.types import Changed
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.fields import ComboBox, Slider
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.free_number import FreeNumber


class OwnSize(QWidget):
    """A slider for pixels or a field for a length, with a choice of the unit; it edits the active shape."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.pixels, self.length = Slider(), FreeNumber("Own point size as a length")
        self.unit = ComboBox()
        self.unit.setAccessibleName("Unit of the own size")
        self.unit.addItems(["px", "units"])
        self.unit.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        self.pixels.setRange(0, 12)
        self.pixels.setAccessibleName("Own point size")
        self.pixels.setToolTip("The point size of this cloud only; at the left end, the common point size")
        self.pixels.valueChanged.connect(lambda size: self._edit(point_size=size))
        self.length.setToolTip("The point size of this cloud")
        self.length.entered.connect(self._enter)
        self.length.hide()
        self.unit.setToolTip(
            "In pixels, near and far points have the same size; as a length, near points are larger"
        )
        self.unit.activated.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.pixels, 1)
        row.addWidget(self.length, 1)
        row.addWidget(self.unit)

    def show_entry(self, entry: OpenShape) -> None:
        """Show the point size of ``entry``."""
        is_length, unit = entry.world_size is not None, entry.shape.unit or "units"
        with QSignalBlocker(self.pixels):
            self.pixels.setValue(entry.point_size)
        self.length.set_value(entry.world_size or 0.0, 4)
        self.pixels.setVisible(not is_length)
        self.length.setVisible(is_length)
        self.unit.setItemText(1, unit)
        self.unit.setCurrentIndex(int(is_length))

    def _choose(self, at: int) -> None:
        entry = self._session.document.active
        if entry is not None and (entry.world_size is not None) != (at == 1):
            self._edit(world_size=spacing(entry) if at == 1 else None)

    def _enter(self, size: float) -> None:
        if size > 0:
            self._edit(world_size=size)
        else:
            self.length.refuse(f"a point is not {size:g} wide: type a length above 0, such as 0.05")

    def _edit(self, **changes: Changed) -> None:
        current = self._session.document.current
        if current is not None:
            self._session.edit(current, "Change the point size", **changes)


def spacing(entry: OpenShape) -> float:
    """The spacing of the points if they were spread evenly on the sides of their box, to two digits."""
    x, y, z = entry.extent
    return float(f"{sqrt(2 * (x * y + y * z + z * x) / entry.count) or max(x, y, z) or 1.0:.2g}")

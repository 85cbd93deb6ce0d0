"""The fields that choose how the objects of a scan are separated: by gaps or density, and the gap."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from apsnet_core.extras import hdbscan_lacks
from apsnet_gui.jobs.cutting import FoundObjects
from apsnet_gui.state.selected import Selected
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.free_number import FreeNumber


class ObjectsApart(QWidget):
    """Emits ``asked`` with the largest gap within an object, when the objects are to be found again."""

    asked = Signal(object)

    def __init__(self, selected: Selected, unit: str) -> None:
        super().__init__()
        self._selected, self._reach = selected, 0.0
        self.way, self.gap = ComboBox(), FreeNumber("Largest gap within an object")
        self.way.setAccessibleName("Objects are separated by")
        self.way.addItem("Gaps between them", "dbscan")
        self.way.addItem("Density (HDBSCAN)", "hdbscan")
        lack = hdbscan_lacks()
        item = cast(QStandardItemModel, self.way.model()).item(1)
        item.setEnabled(lack is None)
        item.setToolTip(lack or "For scans of uneven density: dense objects nearby, sparse ones far away")
        self.way.setToolTip(lack or "")
        self.way.activated.connect(self._choose)
        self.gap.setToolTip("The largest gap within an object")
        self.gap.entered.connect(self._enter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for widget in (QLabel("Told apart by"), self.way, QLabel("Gap"), self.gap, QLabel(unit or "units")):
            row.addWidget(widget)
        row.addStretch(1)
        self.gap.setFixedWidth(12 * GRID)

    def show_found(self, found: FoundObjects) -> None:
        """Show how these objects were found."""
        self._reach = found.reach
        self.way.setCurrentIndex(self.way.findData(found.by))
        self.gap.set_value(found.reach, 4)

    def _choose(self) -> None:
        if self.way.currentData() != self._selected.objects_by:
            self._selected.tell_objects(self.way.currentData())
            self.asked.emit(self._reach)

    def _enter(self, reach: float) -> None:
        if reach > 0:
            self.asked.emit(reach)
        else:
            self.gap.refuse(f"a gap of {reach:g} separates nothing: type a length above 0, such as 0.05")

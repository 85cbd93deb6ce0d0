"""The dialog that selects points by a field of a cloud: by its classes, or by a range of its values."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.colours.classes import class_name
from apsnet_core.colours.fields import fields_of, is_categorical, values_of
from apsnet_core.types import Array, Mask
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.selecting import Find
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import counted, faint, form
from apsnet_gui.widgets.free_number import FreeNumber

MOST_CLASSES = 256  # most classes that are listed
Summary = tuple[list[tuple[float, int]], float, float]  # classes with their counts; lowest and highest value


class FieldDialog(QDialog):
    """Calls ``select`` with a function that finds the points, when the dialog is accepted.

    The dialog works on the current ``cloud`` and closes when another shape becomes current.
    """

    def __init__(
        self,
        parent: QWidget,
        background: Background,
        session: Session,
        cloud: PointCloud,
        select: Callable[[Find], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Select by a field")
        self._background, self._cloud, self._select = background, cloud, select
        self.field = ComboBox()
        self.field.setAccessibleName("Field")
        self.field.addItems(fields_of(cloud))
        self.classes = QListWidget()
        self.classes.setAccessibleName("Classes")
        self.low, self.high = FreeNumber("Lowest number"), FreeNumber("Highest number")
        self._ends = {self.low: 0.0, self.high: 0.0}
        for end in self._ends:
            end.entered.connect(lambda number, end=end: self._set(end, number))
        ranges = QWidget()
        ranges.setLayout(form(("From", self.low), ("To", self.high)))
        self.pages = QStackedWidget()
        for page in (faint("Reading the field…"), self.classes, ranges):
            self.pages.addWidget(page)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton("Select", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addLayout(form(("Field", self.field)))
        column.addWidget(self.pages, 1)
        column.addWidget(self.buttons)
        self.resize(360, 360)
        self.field.currentTextChanged.connect(self._read)
        session.changed.connect(self._follow)
        self._read(self.field.currentText())

    def _follow(self, before: Document, after: Document) -> None:
        if after.current != before.current:
            self.close()

    def _read(self, field: str) -> None:
        """Summarize the field in the background; this cancels the summary of another field."""
        self.pages.setCurrentIndex(0)
        self.go.setEnabled(False)
        cloud = self._cloud
        job = self._background.start(
            "Reading a field", lambda _: _summary(cloud, field), lane="field summary"
        )
        job.done.connect(self._show)

    def _show(self, summary: Summary) -> None:
        classes, low, high = summary
        self.classes.clear()
        field = self.field.currentText()
        for value, count in classes:
            item = QListWidgetItem(f"{class_name(field, int(value))}   {counted(count, 'point')}")
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.classes.addItem(item)
        for end, number in ((self.low, low), (self.high, high)):
            self._set(end, number)
        self.pages.setCurrentIndex(1 if classes else 2)
        self.go.setEnabled(True)

    def _set(self, end: FreeNumber, number: float) -> None:
        self._ends[end] = number
        end.set_value(number)

    def _accept(self) -> None:
        field, items = self.field.currentText(), [self.classes.item(i) for i in range(self.classes.count())]
        chosen = [
            float(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        ]
        low, high = sorted((self._ends[self.low], self._ends[self.high]))  # typed in either order
        listed = bool(items)

        def find(cloud: PointCloud, before: Mask, _: object) -> Mask:
            from apsnet_core.editing.steps import ByField

            step = (
                ByField(field=field, values=tuple(chosen))
                if listed
                else ByField(field=field, low=low, high=high)
            )
            if listed and not chosen:
                return np.zeros(len(cloud), dtype=np.bool_)
            return step.kept(cloud, "z", lambda share: None)

        self.close()
        self._select(find)


def _summary(cloud: PointCloud, field: str) -> Summary:
    values: Array = values_of(cloud, field)
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if not len(finite):
        return [], 0.0, 0.0
    if is_categorical(field, values):
        kinds, counts = np.unique(finite, return_counts=True)
        if len(kinds) <= MOST_CLASSES:
            return list(zip(map(float, kinds), map(int, counts), strict=True)), 0.0, 0.0
    return [], float(finite.min()), float(finite.max())

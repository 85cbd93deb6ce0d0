"""The bar of the crop box: its numbers, which side of it is kept, and Apply."""

from __future__ import annotations

from math import floor, log10

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QDoubleSpinBox, QLabel, QPushButton, QWidget

from apsnet_core.editing.crop import Box
from apsnet_gui.style.theme import tabular
from apsnet_gui.views.crop_tool import CropTool, Keep
from apsnet_gui.views.going import can_go, going_words
from apsnet_gui.widgets.floating_bar import FloatingBar
from apsnet_gui.widgets.form_rows import faint, segments
from apsnet_gui.widgets.qt_types import Ignored

NAMES = (
    "Centre along x", "Centre along y", "Centre along z",
    "Width of the box", "Depth of the box", "Height of the box", "Turn about the up axis in degrees",
)  # fmt: skip
MEASURING = "Measuring the cloud…"
HINT = "Drag a square to move a face of the box, the circle to turn it"
DIGITS = 4  # significant digits of the box's longest side in the fields


class CropBar(FloatingBar):
    """Shown while the crop box is held: number fields that follow its handles and move them.

    The fields stay empty until the cloud is measured, and the bar says so.
    """

    def __init__(self, picture: QWidget, tool: CropTool) -> None:
        super().__init__(picture, "Crop box")
        self._tool = tool
        self.fields = [_field(name) for name in NAMES]
        self.keep = QButtonGroup(self)
        self.kept = segments(
            self.keep,
            (("Keep inside", "Remove the points outside"), ("Keep outside", "Remove the points inside")),
        )
        self.keep.idClicked.connect(lambda _: self._lead())
        apply, leave = QPushButton("Apply"), QPushButton("Cancel")
        apply.setToolTip("Remove the faded points  (Enter)")
        apply.clicked.connect(tool.apply)
        leave.setToolTip("Keep the cloud unchanged  (Esc)")
        leave.clicked.connect(tool.put_down)
        self.apply = apply
        self.add_row(QLabel("Centre"), *self.fields[:3], QLabel("Turn"), self.fields[6])
        self.add_row(QLabel("Size"), *self.fields[3:6], self.kept, apply, leave)
        self.words = faint()
        self.words.setAccessibleName("What would go")
        self.add_row(self.words)
        for field in self.fields:
            field.valueChanged.connect(lambda _: self._lead())
        tool.changed.connect(self._follow)
        tool.box_changed.connect(self._follow)

    def _follow(self, *_: Ignored) -> None:
        """Show the numbers of the tool's box, or that the box is not known yet."""
        box = self._tool.box
        self.setVisible(self._tool.held)
        going = self._tool.going
        for control in (*self.fields, self.kept):
            control.setEnabled(box is not None)
        self.apply.setEnabled(box is not None and (going is None or can_go(going)))
        if box is None:
            self.words.setText(MEASURING)
        elif going is not None and going.any():
            self.words.setText(going_words(going))
        elif going is not None or self.words.text() == MEASURING:
            self.words.setText(HINT)
        if box is None:
            for field in self.fields:
                field.clear()
            return
        longest = max(box.size) or 1.0
        digits = min(max(DIGITS - 1 - floor(log10(longest)), 0), 9)
        values = (*box.centre, *box.size, box.turn)
        for i, (field, value) in enumerate(zip(self.fields, values, strict=True)):
            if field.hasFocus() and abs(field.value() - value) < 10.0 ** -field.decimals():
                continue
            with QSignalBlocker(field):
                field.setDecimals(1 if i == 6 else digits)
                field.setSingleStep(5.0 if i == 6 else longest / 50)
                field.setValue(value)
        self.keep.button(int(self._tool.keep == "outside")).setChecked(True)

    def _lead(self) -> None:
        """Set the tool's box from the fields; numbers that were not changed keep their full precision."""
        box = self._tool.box
        if box is None:
            return
        values = [*box.centre, *box.size, box.turn]
        for i, field in enumerate(self.fields):
            if abs(field.value() - values[i]) > 0.6 * 10.0 ** -field.decimals():
                values[i] = field.value()
        x, y, z, wide, deep, tall, turn = values
        keep: Keep = "outside" if self.keep.checkedId() == 1 else "inside"
        self._tool.set_box(Box((x, y, z), (wide, deep, tall), turn, box.up), keep)


def _field(name: str) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setAccessibleName(name)
    field.setToolTip(name)
    field.setKeyboardTracking(False)
    least = 0.0 if name.startswith("Size") else -1e12
    field.setRange(least, 1e12)
    if name.startswith("Turn"):
        field.setRange(-180, 180)
        field.setWrapping(True)
        field.setSuffix("°")
    field.setFont(tabular(field.font()))
    field.setFixedWidth(field.fontMetrics().horizontalAdvance("000000.000") + 32)
    return field

"""The bar of the crop box: its numbers, which side of it is kept, and Apply."""

from __future__ import annotations

from functools import partial
from math import floor, log10

from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QWidget

from apsnet_core.editing.crop import Box
from apsnet_gui.views.crop_tool import CropTool, Keep
from apsnet_gui.views.going import can_go, going_words
from apsnet_gui.widgets.floating_bar import FloatingBar
from apsnet_gui.widgets.form_rows import faint, segments
from apsnet_gui.widgets.free_number import FreeNumber
from apsnet_gui.widgets.qt_types import Ignored

NAMES = (
    "Centre along x", "Centre along y", "Centre along z",
    "Width of the box", "Depth of the box", "Height of the box", "Turn about the up axis in degrees",
)  # fmt: skip
MEASURING = "Measuring the cloud…"
HINT = "Drag a square to move a face of the box, the circle to turn it"
SIZE, TURN = range(3, 6), 6  # the places of these numbers among the fields
TURN_STEP = 5.0  # degrees
DIGITS = 6  # significant digits of the box's longest side in the fields


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
        self.keep.idClicked.connect(lambda _: self._lead(tool.box))
        apply, leave = QPushButton("Apply"), QPushButton("Cancel")
        apply.setToolTip("Remove the faded points  (Enter)")
        apply.clicked.connect(tool.apply)
        leave.setToolTip("Keep the cloud unchanged  (Esc)")
        leave.clicked.connect(tool.put_down)
        self.apply = apply
        self.add_row(QLabel("Centre"), *self.fields[:3], QLabel("Turn (°)"), self.fields[TURN])
        self.add_row(QLabel("Size"), *self.fields[3:6], self.kept, apply, leave)
        self.words = faint()
        self.words.setAccessibleName("What would go")
        self.add_row(self.words)
        for i, field in enumerate(self.fields):
            field.entered.connect(partial(self._enter, i))
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
                field.setText("")  # clear() would mark it as edited
            return
        longest = max(box.size) or 1.0
        decimals = max(DIGITS - 1 - floor(log10(longest)), 0)
        for i, (field, value) in enumerate(zip(self.fields, (*box.centre, *box.size, box.turn), strict=True)):
            field.step = TURN_STEP if i == TURN else longest / 50
            field.set_value(round(value, 1 if i == TURN else decimals))
        self.keep.button(int(self._tool.keep == "outside")).setChecked(True)

    def _enter(self, i: int, number: float) -> None:
        """Set number ``i`` of the tool's box as typed; the others keep their full precision."""
        box = self._tool.box
        if box is None:
            return
        if i in SIZE and number < 0:
            self.fields[i].refuse(f"{number:g} is not a length: type 0 or more")
            return
        x, y, z, wide, deep, tall, turn = (
            number if j == i else value for j, value in enumerate((*box.centre, *box.size, box.turn))
        )
        self._lead(Box((x, y, z), (wide, deep, tall), (turn + 180) % 360 - 180, box.up))

    def _lead(self, box: Box | None) -> None:
        """Give the tool the ``box`` and the side of it that is kept."""
        if box is not None:
            keep: Keep = "outside" if self.keep.checkedId() == 1 else "inside"
            self._tool.set_box(box, keep)


def _field(name: str) -> FreeNumber:
    field = FreeNumber(name)
    field.setToolTip(name)
    field.setFixedWidth(field.fontMetrics().horizontalAdvance("000000.000") + 32)
    return field

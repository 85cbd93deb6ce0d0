"""Dialogs that ask which cloud of a file to open, and how to save a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSizeF
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.files import StoredArray
from apsnet_gui.state.read_request import ReadRequest
from apsnet_gui.viewport.shot import LARGEST
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, faint, form
from apsnet_gui.widgets.number_box import NumberBox

SCALES = (1, 2, 3, 4, 8)


def choose_row(parent: QWidget, path: str, stored: Sequence[StoredArray]) -> ReadRequest | None:
    """Ask which cloud of a file to open; None when the dialog is cancelled."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(f"Open {Path(path).name}")
    datasets = ComboBox()
    datasets.setAccessibleName("Array")
    for item in stored:
        datasets.addItem(f"{item.name}   ({item.rows} × {item.points} points, {item.type})", item)
    row = NumberBox("Row", 0, 0)
    hint = faint()

    def show(_: int = 0) -> None:
        item: StoredArray = datasets.currentData()
        row.setRange(0, item.rows - 1)
        row.setEnabled(item.rows > 1)
        hint.setText(f"{item.rows} clouds, counted from 0" if item.rows > 1 else "one cloud")

    datasets.currentIndexChanged.connect(show)
    show()
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
    column.setSpacing(GRID)
    column.addWidget(faint("The file holds several clouds. Which one?"))
    column.addLayout(form(("Array", datasets), ("Row", row)))
    column.addWidget(hint)
    column.addWidget(buttons)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    item = datasets.currentData()
    return ReadRequest(path, item.name, row.number if item.rows > 1 else None)


def save_buttons(dialog: QDialog) -> QDialogButtonBox:
    """The Save as and Cancel buttons of a ``dialog`` that is followed by a file dialog."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    buttons.button(QDialogButtonBox.StandardButton.Save).setText("Save as…")
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons


class PictureDialog(QDialog):
    """Asks for the scale and the background of a picture of a view; ``size`` is in screen pixels."""

    def __init__(self, parent: QWidget, size: QSizeF) -> None:
        super().__init__(parent)
        self.setWindowTitle("Picture of the view")
        self.scale = ComboBox()
        self.scale.setAccessibleName("Size of the picture")
        for factor in SCALES:
            width, height = round(size.width() * factor), round(size.height() * factor)
            if max(width, height) <= LARGEST:
                self.scale.addItem(f"{factor} ×   {width} × {height} pixels", factor)
        self.scale.setCurrentIndex(min(1, self.scale.count() - 1))
        self.transparent = QCheckBox("Transparent background")
        self.transparent.setToolTip("PNG only: JPEG has no transparency")
        buttons = save_buttons(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addLayout(form(("Size", self.scale), ("", self.transparent)))
        column.addWidget(buttons)

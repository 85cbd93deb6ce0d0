"""The few questions the program asks in a window of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QSpinBox, QVBoxLayout, QWidget

from apsnet_core.files import Dataset
from apsnet_gui.jobs.reader_process import Request
from apsnet_gui.panels.rows import GRID, faint, form


def choose_row(parent: QWidget, path: str, stored: Sequence[Dataset]) -> Request | None:
    """Ask which cloud of a file that holds many to open; None when the user thinks better of it."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(f"Open {Path(path).name}")
    datasets = QComboBox()
    datasets.setAccessibleName("Dataset")
    for item in stored:
        datasets.addItem(f"{item.name}   ({item.rows} × {item.points} points, {item.type})", item)
    row = QSpinBox()
    row.setAccessibleName("Row")
    hint = faint()

    def show(_: int = 0) -> None:
        item: Dataset = datasets.currentData()
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
    column.addLayout(form(("Dataset", datasets), ("Row", row)))
    column.addWidget(hint)
    column.addWidget(buttons)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    item = datasets.currentData()
    return Request(path, item.name, row.value() if item.rows > 1 else None)

"""The dialog that names the columns of a text file: its first lines, with a choice above each column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.files.column_names import ROLES
from apsnet_core.files.format import Preview
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, faint

LEFT_OUT = "-"


class ColumnsDialog(QDialog):
    """Shows ``preview`` with the ``roles`` of its columns; `columns` is the answer, as for ``--columns``."""

    def __init__(self, parent: QWidget | None, path: str, preview: Preview, roles: Mapping[int, str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Columns of {Path(path).name}")
        self.layout_key = preview.layout
        width = max((len(row) for row in preview.rows), default=0)
        self.table = QTableWidget(1 + len(preview.rows), width)
        self.table.setAccessibleName("First lines of the file")
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setHorizontalHeaderLabels(
            [preview.names[k] if k < len(preview.names) else str(k + 1) for k in range(width)]
        )
        self.table.setVerticalHeaderLabels(["is", *(str(k + 1) for k in range(len(preview.rows)))])
        self.choices: list[ComboBox] = []
        for k in range(width):
            self.table.setCellWidget(0, k, self._choice(k, roles.get(k + 1, LEFT_OUT)))
            for line, row in enumerate(preview.rows, 1):
                self.table.setItem(line, k, QTableWidgetItem(row[k] if k < len(row) else ""))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.remember = QCheckBox("The same for files with the same columns")
        self.remember.setChecked(True)
        self.hint = faint()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(
            faint("What does each column contain? Any other name makes the column a field to colour by.")
        )
        column.addWidget(self.table)
        for widget in (self.remember, self.hint, self.buttons):
            column.addWidget(widget)
        self.resize(min(900, 160 + 110 * width), 460)
        self._check()

    @property
    def columns(self) -> str:
        """The chosen roles as for ``--columns``, for example "x,y,z,-,intensity"."""
        words = (choice.currentText().strip().replace(",", " ") for choice in self.choices)
        return ",".join(LEFT_OUT if word in ("", "left out") else word for word in words)

    def _choice(self, k: int, role: str) -> ComboBox:
        choice = ComboBox()
        choice.setEditable(True)
        choice.setAccessibleName(f"Column {k + 1}")
        choice.addItems(["left out", *ROLES])
        choice.setCurrentText("left out" if role == LEFT_OUT else role)
        choice.currentTextChanged.connect(self._check)
        self.choices.append(choice)
        return choice

    def _check(self) -> None:
        words = self.columns.split(",")
        missing = [axis for axis in "xyz" if axis not in words]
        twice = sorted({word for word in words if word != LEFT_OUT and words.count(word) > 1})
        hint = f"{', '.join(missing)} must be one of the columns" if missing else ""
        hint = f"{', '.join(twice)} is chosen twice" if twice else hint
        self.hint.setText(hint or " ")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not hint)

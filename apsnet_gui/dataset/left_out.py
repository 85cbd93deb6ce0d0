"""A button that counts the files left out of a dataset, and lists them with the reasons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from apsnet_core.datasets import Dataset
from apsnet_gui.widgets.form_rows import GRID, counted


class LeftOutButton(QPushButton):
    """Shows the number of left-out files and remarks, or is hidden; a click lists them."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What differs from the files of the dataset")
        self._lines: tuple[str, ...] = ()
        self._name = ""
        self.clicked.connect(self._list)
        self.hide()

    def show_dataset(self, data: Dataset | None) -> None:
        """Count the files that were left out of ``data``, and the remarks about it."""
        self._lines = data.notes if data else ()
        self._name = data.name if data else ""
        self.setText(summary(data) + "…" if data and self._lines else "")
        self.setVisible(bool(self._lines))

    def _list(self) -> None:
        NotesDialog(self.window(), self._name, self._lines).open()


class NotesDialog(QDialog):
    """Shows ``lines`` of text, which can be selected and copied."""

    def __init__(self, parent: QWidget, name: str, lines: Sequence[str]) -> None:
        super().__init__(parent)
        self.setObjectName("leftOut")
        self.setWindowTitle(f"What differs from the files of {name}")
        self.text = QPlainTextEdit("\n".join(lines), readOnly=True)
        self.text.setAccessibleName("What differs from the files")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(GRID * 90, GRID * 40)


def summary(data: Dataset) -> str:
    """The number of left-out files and of remarks, for example "1 file left out, 1 remark"."""
    remarks = len(data.notes) - data.broken
    parts = [f"{counted(data.broken, 'file')} left out"] if data.broken else []
    return ", ".join(parts + ([counted(remarks, "remark")] if remarks else []))

"""What is not as in the files of a dataset: how many were left out, and on a click which and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from apsnet_core.datasets import Dataset
from apsnet_core.placing import counted
from apsnet_gui.widgets.form_rows import GRID


class LeftOutButton(QPushButton):
    """Hidden while there is nothing to say. A click lists all that ``show_dataset`` was given."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What is not as in the files of the dataset")
        self._lines: tuple[str, ...] = ()
        self._name = ""
        self.clicked.connect(self._list)
        self.hide()

    def show_dataset(self, data: Dataset | None) -> None:
        """Count what is to be said of ``data``."""
        self._lines = data.notes if data else ()
        self._name = data.name if data else ""
        self.setText(summary(data) + "…" if data and self._lines else "")
        self.setVisible(bool(self._lines))

    def _list(self) -> None:
        NotesDialog(self.window(), self._name, self._lines).open()


class NotesDialog(QDialog):
    """The ``lines``, one below the other, to be read and copied."""

    def __init__(self, parent: QWidget, name: str, lines: Sequence[str]) -> None:
        super().__init__(parent)
        self.setObjectName("leftOut")
        self.setWindowTitle(f"What is not as in the files of {name}")
        self.text = QPlainTextEdit("\n".join(lines), readOnly=True)
        self.text.setAccessibleName("What is not as in the files")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(GRID * 90, GRID * 40)


def summary(data: Dataset) -> str:
    """For example "1 file left out, 1 remark"."""
    remarks = len(data.notes) - data.broken
    parts = [f"{counted(data.broken, 'file')} left out"] if data.broken else []
    return ", ".join(parts + ([counted(remarks, "remark")] if remarks else []))

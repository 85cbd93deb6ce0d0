"""The question before what is open is replaced or closed."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget


class Unsaved(Enum):
    """What becomes of unsaved work."""

    SAVE = QMessageBox.StandardButton.Save
    DISCARD = QMessageBox.StandardButton.Discard
    STAY = QMessageBox.StandardButton.Cancel


def ask_about_unsaved(window: QWidget, name: str | None) -> Unsaved:
    """``name`` is that of the project's file, None where it has none yet."""
    button = QMessageBox.StandardButton
    answer = QMessageBox.question(
        window,
        "Unsaved changes",
        f"Save the changes to {name}?" if name else "Save what is open as a project?",
        button.Save | button.Discard | button.Cancel,
        button.Save,
    )
    return next((what for what in Unsaved if what.value == answer), Unsaved.STAY)

"""The questions that are asked before unsaved or saved work would be lost."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget


class Unsaved(Enum):
    """The user's answer about unsaved work."""

    SAVE = QMessageBox.StandardButton.Save
    DISCARD = QMessageBox.StandardButton.Discard
    STAY = QMessageBox.StandardButton.Cancel


def ask_about_unsaved(window: QWidget, name: str | None) -> Unsaved:
    """Ask what to do with unsaved work; ``name`` is the name of the project's file, None for no file."""
    button = QMessageBox.StandardButton
    answer = QMessageBox.question(
        window,
        "Unsaved changes",
        f"Save the changes to {name}?" if name else "Save what is open as a project?",
        button.Save | button.Discard | button.Cancel,
        button.Save,
    )
    return next((what for what in Unsaved if what.value == answer), Unsaved.STAY)


class Overwrite(Enum):
    """The user's answer about a file that somebody else has changed."""

    YES = "Overwrite"
    ELSEWHERE = "Save as…"
    NO = "Cancel"


def ask_about_overwriting(window: QWidget, why: str) -> Overwrite:
    """Ask whether to overwrite a file; ``why`` is a sentence with the reason for asking."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Overwrite?", why, QMessageBox.StandardButton.Cancel, window)
    box.setInformativeText("Overwriting it would lose what was saved there.")
    overwrite = box.addButton(Overwrite.YES.value, QMessageBox.ButtonRole.DestructiveRole)
    elsewhere = box.addButton(Overwrite.ELSEWHERE.value, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(elsewhere)
    box.exec()
    answers = {overwrite: Overwrite.YES, elsewhere: Overwrite.ELSEWHERE}
    return next((what for button, what in answers.items() if button is box.clickedButton()), Overwrite.NO)

"""The dialog for the name and the note of weights that the user keeps."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from apsnet_core.names import trouble_with
from apsnet_gui.widgets.form_rows import GRID, faint, form


class NewName(NamedTuple):
    """The name of weights, and a note about them."""

    name: str
    note: str


def ask_name(parent: QWidget, proposal: str) -> NewName | None:
    """Ask for an unused name for weights and for a note; None if the dialog is cancelled."""
    # This import loads pydantic; it is here so that the window starts sooner.
    from apsnet_core.weights.listing import free_name, is_taken

    dialog = QDialog(parent)
    dialog.setObjectName("keepWeights")
    dialog.setWindowTitle("Keep the weights")
    name, note = QLineEdit(free_name(proposal)), QLineEdit(placeholderText="what they are for")
    name.setAccessibleName("Name of the weights")
    note.setAccessibleName("Note")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    save = box.button(QDialogButtonBox.StandardButton.Save)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    trouble = QLabel(wordWrap=True)
    trouble.hide()
    trouble.setProperty("role", "trouble")
    trouble.setAccessibleName("What is wrong")

    def check(text: str) -> None:
        why = trouble_with(text.strip()) or (
            "contains an @, which marks weights: leave it out" if "@" in text
            else "is the name of other weights: choose another name" if is_taken(text.strip())
            else ""
        )  # fmt: skip
        trouble.setText(f"The name {why}" if why else "")
        trouble.setVisible(bool(why))
        save.setEnabled(bool(text.strip()) and not why)

    name.textChanged.connect(check)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
    column.setSpacing(GRID)
    column.addWidget(faint("They stay among your own weights, even if the training is deleted."))
    column.addLayout(form(("Name", name), ("Note", note)))
    column.addWidget(trouble)
    column.addWidget(box)
    dialog.resize(GRID * 52, dialog.sizeHint().height())
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    return NewName(name.text().strip(), note.text().strip())

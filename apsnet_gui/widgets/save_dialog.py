"""Asks which file to write, and before any file that the dialog was not told is overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

Files = Callable[[Path], Sequence[Path]]


def ask_target(
    parent: QWidget, title: str, proposal: Path, filters: str, files: Files = lambda path: [path]
) -> Path | None:
    """The file that is chosen, None for none; a name without a suffix gets that of its filter.

    ``files`` are those that are then written. The dialog has asked about the name alone that was typed.
    """
    while True:
        path, chosen = QFileDialog.getSaveFileName(parent, title, str(proposal), filters)
        if not path:
            return None
        typed = Path(path)
        suffix = chosen[chosen.find("*.") + 1 : -1].split()[0] if "*." in chosen else ""
        target = typed if typed.suffix else typed.with_name(typed.name + suffix)
        unasked = [file for file in files(target) if file != typed and file.exists()]
        if not unasked or _may_replace(parent, title, unasked):
            return target
        proposal = target


def _may_replace(parent: QWidget, title: str, there: Sequence[Path]) -> bool:
    first, *others = (file.name for file in there)
    asked = f"{first} is there already. Replace it?"
    if others:
        asked = f"{first} and {len(others)} more of these files are there already. Replace them?"
    button = QMessageBox.StandardButton
    return QMessageBox.warning(parent, title, asked, button.Yes | button.No, button.No) == button.Yes

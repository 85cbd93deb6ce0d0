"""Ask for a file to write, and for confirmation before other existing files are overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

Files = Callable[[Path], Sequence[Path]]


def ask_target(
    parent: QWidget, title: str, proposal: Path, filters: str, files: Files = lambda path: [path]
) -> Path | None:
    """Return the chosen file, or None; a name without a suffix gets that of the chosen filter.

    ``files`` returns all files that will be written for a chosen path. The system's dialog asks only about
    the typed name, so this asks about the other files that exist.
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

"""Offers to restore the work of windows that ended unexpectedly."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QFileInfo, QLocale, QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.jobs.background import Background
from apsnet_gui.state.messages import Messages
from apsnet_gui.widgets.form_rows import GRID, faint

NAMED = 3  # most shapes of an autosave that the list names


class Restoring(QObject):
    """Finds autosaves in ``folder``; ``restore`` opens one, and a dialog offers a choice of several."""

    def __init__(
        self,
        window: QWidget,
        folder: Path,
        messages: Messages,
        background: Background,
        restore: Callable[[Path], None],
    ) -> None:
        super().__init__(window)
        self._window, self._folder, self._messages, self._restore = window, folder, messages, restore
        self._background = background
        self.dialog: RestoreDialog | None = None

    def offer(self) -> None:
        """If crashes left autosaves, say so and offer to open them."""
        self._offer(
            "APSNet Studio ended unexpectedly last time. What you had open is saved.",
            "APSNet Studio ended unexpectedly {} times. What you had open is saved each time.",
        )

    def offer_the_rest(self) -> None:
        """After one of several autosaves is open, offer the others."""
        self._offer(
            "What another window had open was saved too when it ended unexpectedly.",
            "What {} other windows had open was saved too when they ended unexpectedly.",
        )

    def _offer(self, one: str, several: str) -> None:
        from apsnet_gui.jobs.autosave import left_behind

        count = len(left_behind(self._folder))
        if count:
            said, word = (one, "Restore") if count == 1 else (several.format(count), "Restore…")
            self._messages.tell("warning", said, remedy=(word, self.ask), stays=True)

    def ask(self) -> None:
        """Open the autosave, or ask which one if several are left; other windows may have taken some."""
        from apsnet_gui.jobs.autosave import left_behind

        left = left_behind(self._folder)
        if len(left) > 1:
            job = self._background.start(
                "Reading what was open", lambda _: [(file, said_of(file)) for file in left], lane="restoring"
            )
            job.done.connect(self._choose)
        elif left:
            self._restore(left[0])
        else:
            self._messages.info("Another window has restored what was open.")

    def _choose(self, left: list[tuple[Path, str]]) -> None:
        """Let the user choose a file; each comes with a description of its content."""
        self.dialog = RestoreDialog(self._window, left)
        self.dialog.accepted.connect(self._take)
        self.dialog.open()

    def _take(self) -> None:
        chosen = self.dialog.chosen if self.dialog is not None else None
        if chosen is None:
            return
        if chosen.exists():
            self._restore(chosen)
        else:
            self._messages.info("Another window has restored what was open.")
            self.offer_the_rest()


class RestoreDialog(QDialog):
    """Lists autosaves, the newest first; `chosen` is the selected one."""

    def __init__(self, parent: QWidget, left: Sequence[tuple[Path, str]]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Restore what was open")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.ensurePolished()  # so that the first row already has the height of the style
        self.list.setAccessibleName("What was open")
        for file, said in left:
            item = QListWidgetItem(said, self.list)
            item.setData(Qt.ItemDataRole.UserRole, str(file))
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(self.accept)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        restore = buttons.addButton("Restore", QDialogButtonBox.ButtonRole.AcceptRole)
        restore.setDefault(True)
        restore.setProperty("primary", True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        about = faint("Windows that ended unexpectedly had this open. One is opened now; the others stay "
                      "saved and are offered again.")  # fmt: skip
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(about)
        column.addWidget(self.list)
        column.addWidget(buttons)
        self.resize(520, 280)

    @property
    def chosen(self) -> Path | None:
        """The autosave that is selected."""
        item = self.list.currentItem()
        return None if item is None else Path(item.data(Qt.ItemDataRole.UserRole))


def said_of(file: Path) -> str:
    """The time and the shapes of an autosave as a text."""
    when = QLocale().toString(QFileInfo(str(file)).lastModified(), QLocale.FormatType.ShortFormat)
    try:
        names = [str(entry["name"]) for entry in json.loads(file.read_text(encoding="utf-8"))["entries"]]
    except (OSError, ValueError, KeyError, TypeError):
        return f"{when}   cannot be read"
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return f"{when}   {', '.join([*names[:NAMED], *more]) or 'no shape'}"

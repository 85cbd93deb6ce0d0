"""The commands of the Edit menu."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QTableView

from apsnet_core.placing import coordinates_text
from apsnet_gui.jobs.steps_file import steps_words
from apsnet_gui.panels.clouds import CloudsPanel
from apsnet_gui.panels.clouds_table import CloudsTable
from apsnet_gui.panels.messages import MessagesPanel
from apsnet_gui.state.method_names import command
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.samples_key import key_of
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import counted
from apsnet_gui.widgets.table_text import text_of
from apsnet_gui.window.central import CentralView

if TYPE_CHECKING:
    from apsnet_gui.comparison.table_panel import TablePanel


class EditCommands:
    """Undo, rename, and copy and paste."""

    def __init__(
        self,
        session: Session,
        clouds: CloudsPanel,
        central: CentralView,
        table: Callable[[], TablePanel],
        folder: Path,
    ) -> None:
        self._folder = folder
        self._session, self._clouds, self._central, self._table = session, clouds, central, table

    def undo(self) -> None:
        """Undo the last change."""
        self._session.undo()

    def redo(self) -> None:
        """Redo the change that was undone last."""
        self._session.redo()

    def copy(self) -> None:
        """Copy the table or the messages that have the focus, or else a picture of the current view."""
        focus = QApplication.focusWidget()
        if focus is not None and self._table().isAncestorOf(focus):
            self._table().copy_as(".csv")
            return
        if isinstance(focus, QTableView) and not isinstance(focus, CloudsTable):
            QGuiApplication.clipboard().setText(text_of(focus.model()))
            self._session.notice.emit("info", f"Copied {counted(focus.model().rowCount(), 'row')}")
            return
        if focus is not None and isinstance(messages := focus.parent(), MessagesPanel):
            messages.copy.click()
            return
        picture = self._central.snapshot()
        picture.add_done_callback(self._take_picture)

    def _take_picture(self, picture: Future[QImage]) -> None:
        if (why := picture.exception()) is not None:
            self._session.notice.emit("error", f"The picture could not be copied: {why}")
            return
        QGuiApplication.clipboard().setImage(picture.result())
        self._session.notice.emit("info", "Copied the picture of the view")

    def copy_samples(self) -> None:
        """Copy x, y and z of each sample, in order, as lines that a spreadsheet accepts."""
        result = self._session.result
        if result is not None:
            places = (coordinates_text(xyz, result.extent) for xyz in result.sampling.absolute)
            lines = [place.replace(", ", "\t") for place in places]
            QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
            self._session.notice.emit("info", f"Copied {counted(len(lines), 'sample')}")

    def rename_shape(self) -> None:
        """Edit the current shape's name."""
        self._clouds.rename()

    def copy_command(self) -> None:
        """Copy the shell command that gives the same sampling."""
        entry = self._session.document.active
        if entry is not None:
            try:
                steps = steps_words(entry, self._folder)
            except OSError as why:
                self._session.notice.emit("error", f"The steps of the command could not be written: {why}")
                return
            text = " ".join([self._command(entry), *map(shlex.quote, steps)])
            QGuiApplication.clipboard().setText(text)
            self._session.notice.emit("info", f"Copied: {text}")

    def _command(self, entry: OpenShape) -> str:
        document, result = self._session.document, self._session.result
        choice, change = document.choice, document.what_if.change
        edit = document.what_if.edit_of(key_of(entry, choice, change))
        there = result is not None and result.key == key_of(entry, choice, change)
        return command(choice, entry, change, edit, result.found.m if result and there else None)

    def copy_camera(self) -> None:
        """Copy the camera of the current view."""
        self._central.view.copy_camera()

    def paste_camera(self) -> None:
        """Use the camera on the clipboard in the current view."""
        self._central.view.paste_camera()

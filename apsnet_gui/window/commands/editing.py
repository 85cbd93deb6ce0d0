"""What the Edit menu does."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from apsnet_gui.comparison import report
from apsnet_gui.comparison.compute import Question
from apsnet_gui.panels.clouds import CloudsPanel
from apsnet_gui.state.document import Entry
from apsnet_gui.state.method_names import command
from apsnet_gui.state.session import Session
from apsnet_gui.window.central import Stage


class EditCommands:
    """Undo, names, and what goes through the clipboard."""

    def __init__(self, session: Session, clouds: CloudsPanel, stage: Stage) -> None:
        self._session, self._clouds, self._stage = session, clouds, stage

    def undo(self) -> None:
        self._session.undo()

    def redo(self) -> None:
        self._session.redo()

    def rename_shape(self) -> None:
        self._clouds.rename()

    def copy_command(self) -> None:
        entry = self._session.document.active
        if entry is not None:
            text = self._command(entry)
            QGuiApplication.clipboard().setText(text)
            self._session.notice.emit("info", f"Copied: {text}")

    def _command(self, entry: Entry) -> str:
        """Only `apsnet compare` can change a cloud before it samples it."""
        document = self._session.document
        choice, what_if = document.choice, document.what_if
        if not what_if.change:
            return command(choice, entry)
        other = document.entry(what_if.other)
        question = Question(entry, choice, (choice.spec,), (choice.m,), what_if, other)
        return report.command(question, question.methods, [choice.m])

    def copy_camera(self) -> None:
        self._stage.view.copy_camera()

    def paste_camera(self) -> None:
        self._stage.view.paste_camera()

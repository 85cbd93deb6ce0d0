"""No way out of the window loses unsaved work without asking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QSessionManager
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from apsnet_gui.state import project_file
from apsnet_gui.state.session import Session
from apsnet_gui.window import unsaved
from apsnet_gui.window.commands import files
from apsnet_gui.window.window import Window

from .conftest import CHAIR, OpenWindow, settle


class Manager:
    """A fake of Qt's session manager at the end of a desktop session."""

    cancelled = released = False

    def allowsInteraction(self) -> bool:
        return True

    def cancel(self) -> None:
        self.cancelled = True

    def release(self) -> None:
        self.released = True


def drop(window: Window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, button, key))


def end_session(window: Window, _: Path) -> None:
    manager = Manager()
    window.end_session(cast(QSessionManager, manager))
    assert manager.released
    if not manager.cancelled:
        window.close()


Way = Callable[[Window, Path], object]
WAYS: dict[str, Way] = {
    "quit": lambda window, _: window.actions_by_id["quit"].trigger(),
    "close button": lambda window, _: window.close(),
    "end of the session": end_session,
    "new": lambda window, _: window.actions_by_id["new"].trigger(),
    "open project": lambda window, _: window.actions_by_id["open-project"].trigger(),
    "open": lambda window, other: window.opening.open_paths([str(other)]),
    "drop": drop,
    "restore": lambda window, other: window.opening.open_project(other, autosaved=True),
}


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another project; dialogs name it to open, and mine.apsnet to save."""
    path = tmp_path / "other.apsnet"
    project_file.save(Session(), path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.apsnet"), ""))
    return path


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    """Press this button whenever work would be lost; the list gets the questions."""
    asked: list[str] = []
    monkeypatch.setattr(files, "ask_about_unsaved", unsaved.ask_about_unsaved)
    monkeypatch.setattr(QMessageBox, "question", lambda *given: asked.append(given[2]) or button)
    return asked


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_leave_unsaved_work_asks(
    qtbot: QtBot, open_window: OpenWindow, other: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    window = open_window(CHAIR)
    document = window.session.document
    mine = other.with_name("mine.apsnet")

    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    WAYS[way](window, other)
    assert asked == ["Save what is open as a project?"]
    assert window.isVisible() and window.session.document == document and not mine.exists()

    with monkeypatch.context() as patch:  # nor is work lost if no file name is chosen
        answer(patch, QMessageBox.StandardButton.Save)
        patch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
        WAYS[way](window, other)
        assert window.isVisible() and window.session.document == document

    answer(monkeypatch, QMessageBox.StandardButton.Save)
    WAYS[way](window, other)
    qtbot.waitUntil(lambda: not window.isVisible() or window.session.document != document)
    assert [entry["name"] for entry in project_file.load(mine).values["entries"]] == ["chair"]


def test_a_document_without_shapes_is_not_asked_about(
    open_window: OpenWindow, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    window = open_window()
    window.session.look(order=True)  # a change while no shape is open
    window.actions_by_id["new"].trigger()
    assert asked == []


def test_a_change_to_a_project_is_asked_about_by_its_name(
    qtbot: QtBot, open_window: OpenWindow, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(CHAIR)
    window.actions_by_id["save"].trigger()
    asked = answer(monkeypatch, QMessageBox.StandardButton.Discard)
    window.session.choose(m=9)
    settle(qtbot, window)
    window.close()
    assert asked == ["Save the changes to mine.apsnet?"]
    assert not window.isVisible() and not window.autosave.file.exists()
    assert project_file.load(other.with_name("mine.apsnet")).values["choice"]["m"] == 32

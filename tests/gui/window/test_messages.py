"""What is said is kept: every message of the session, with its file, its time and its remedy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from apsnet_gui.panels.messages import FILE, TEXT, TIME, MessagesPanel
from apsnet_gui.window.window import Window

from .conftest import OpenWindow, settle


def rows(window: Window) -> list[list[str]]:
    items = [panel(window).list.topLevelItem(i) for i in range(panel(window).list.topLevelItemCount())]
    return [[item.text(column) for column in (TIME, FILE, TEXT)] for item in items]


def panel(window: Window) -> MessagesPanel:
    widget = window.docks["Messages"].widget()
    assert isinstance(widget, MessagesPanel)
    return widget


def test_of_six_broken_files_all_are_told(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    assert not window.status.said.isVisible()
    began = datetime.now().replace(microsecond=0)
    names = [f"{i}.xyz" for i in range(6)]
    for name in names:
        (tmp_path / name).write_text("no numbers here\n")
    window.opening.open_paths([str(tmp_path / name) for name in names])
    settle(qtbot, window)
    assert window.status.said.text() == "6 errors · 6 messages"
    assert len(window.toasts.findChildren(QFrame, "toast")) < 6  # the newest of them
    window.status.said.click()
    assert not panel(window).visibleRegion().isEmpty()
    assert [file for _, file, _ in rows(window)] == names
    assert all(text and not text.startswith(tuple("0123456789")) for _, _, text in rows(window))
    for message, (time, _, _) in zip(window.messages.all, rows(window), strict=True):
        assert Path(message.file).parent == tmp_path
        assert began <= message.at <= datetime.now() and time == f"{message.at:%H:%M:%S}"


def test_a_remedy_is_a_button_as_long_as_the_session_lasts(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    file = tmp_path / "late.xyz"
    window.opening.open_paths([str(file)])
    settle(qtbot, window)
    window.messages.info("something else")
    window.toasts.clear()
    window.actions_by_id["messages"].trigger()
    shown = panel(window)
    assert not shown.remedy.isVisible()
    shown.list.setCurrentItem(shown.list.topLevelItem(0))
    assert shown.remedy.isVisible() and shown.remedy.text() == "Open again"
    np.savetxt(file, np.random.default_rng(0).random((20, 3)))
    shown.remedy.click()
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == ["late"]
    shown.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "error: late.xyz: " in copied and str(file) in copied and "something else" not in copied

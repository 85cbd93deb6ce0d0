"""Every message of the session is kept, with its file, its time and its remedy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from apsnet_gui.panels.messages import FILE, TEXT, TIME, MessagesPanel
from apsnet_gui.state.messages import Messages
from apsnet_gui.style.theme import Theme
from apsnet_gui.window.toasts import Toasts
from apsnet_gui.window.window import Window

from .conftest import CHAIR, OpenWindow, settle


def rows(window: Window) -> list[list[str]]:
    listed = panel(window).list
    model = listed.model()
    return [
        [str(model.index(row, column).data()) for column in (TIME, FILE, TEXT)]
        for row in range(listed.topLevelItemCount())
    ]


def panel(window: Window) -> MessagesPanel:
    widget = window.docks["Messages"].widget()
    assert isinstance(widget, MessagesPanel)
    return widget


def test_all_six_broken_files_are_reported(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    assert not window.status.said.isVisible()
    began = datetime.now().replace(microsecond=0)
    names = [f"{i}.xyz" for i in range(6)]
    for name in names:
        (tmp_path / name).write_text("no numbers here\n")
    window.opening.open_paths([str(tmp_path / name) for name in names])
    settle(qtbot, window)
    assert window.status.said.text() == "6 errors · 6 messages"
    assert len(window.toasts.findChildren(QFrame, "toast")) < 6  # only the newest are shown
    window.status.said.click()
    assert not panel(window).visibleRegion().isEmpty()
    assert [file for _, file, _ in rows(window)] == names
    assert all(text and not text.startswith(tuple("0123456789")) for _, _, text in rows(window))
    for message, (time, _, _) in zip(window.messages.all, rows(window), strict=True):
        assert Path(message.file).parent == tmp_path
        assert began <= message.at <= datetime.now() and time == f"{message.at:%H:%M:%S}"


def test_a_remedy_stays_available_as_a_button_during_the_session(
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
    shown.list.setCurrentIndex(shown.list.model().index(0, 0))
    assert shown.remedy.isVisible() and shown.remedy.text() == "Open again"
    np.savetxt(file, np.random.default_rng(0).random((20, 3)))
    shown.remedy.click()
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == ["late"]
    shown.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "error: late.xyz: " in copied and str(file) in copied and "something else" not in copied
    QGuiApplication.clipboard().clear()
    window.activateWindow()
    shown.list.setFocus()
    window.actions_by_id["copy"].trigger()  # as by its key while the list has the focus
    assert QGuiApplication.clipboard().text() == copied


@pytest.mark.parametrize("scale", [100, 150])
def test_messages_and_jobs_do_not_resize_the_view(
    qtbot: QtBot, open_window: OpenWindow, theme: Theme, scale: int
) -> None:
    theme.set_scale(scale)
    go_on = Event()
    try:
        window = open_window(CHAIR)
        before = window.view.size(), window.status.height()
        window.messages.fail("one.ply: it is empty")
        job = window.background.start("Waiting", lambda _: go_on.wait())
        status = window.status
        qtbot.waitUntil(lambda: status.stop.isVisible() and status.said.isVisible())
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        assert (window.view.size(), status.height()) == before
        for button in (status.said, status.stop):
            place = QRect(button.mapTo(status, QPoint()), button.size())
            assert status.rect().contains(place) and place.height() >= button.fontMetrics().height()
        with qtbot.waitSignal(job.ended):
            go_on.set()
    finally:
        go_on.set()
        theme.set_scale(100)


def test_docks_behind_one_another_share_one_tab_bar(open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    tabs = [bar.tabText(i) for bar in bars if bar.isVisible() for i in range(bar.count())]
    assert "Messages" in tabs and len(tabs) == len(set(tabs))


def test_a_message_stays_in_front_whatever_panel_is_shown(open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.messages.fail("one.ply: it is empty")
    for action in ("what-if", "messages", "trainings", "compare"):
        window.actions_by_id[action].trigger()
        QCoreApplication.processEvents()
        middle = window.toasts.mapTo(window, window.toasts.rect().center())
        seen = window.childAt(middle)
        assert seen is not None and window.toasts.isAncestorOf(seen), action


def test_messages_move_above_the_bar_of_a_tool(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    np.savetxt(tmp_path / "cloud.xyz", np.random.default_rng(0).random((200, 3)))
    window = open_window(str(tmp_path / "cloud.xyz"))
    window.messages.fail("one.ply: it is empty")
    low = window.toasts.geometry()
    for action, bar in (
        ("select-box", window.select_bar), ("crop", window.crop_bar), ("clean", window.clean_bar)
    ):  # fmt: skip
        window.actions_by_id[action].trigger()
        settle(qtbot, window)
        there = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
        assert bar.isVisible() and there.intersects(low), action
        assert window.toasts.isVisible() and not window.toasts.geometry().intersects(there), action
        window.messages.warn(f"{action}: another that stays")
        assert not window.toasts.geometry().intersects(there), action
        seen = window.childAt(there.center())
        assert seen is not None and (seen is bar or bar.isAncestorOf(seen)), action
        qtbot.keyClick(window.view, Qt.Key.Key_Escape)
        assert not bar.isVisible()
    assert window.toasts.geometry().bottom() == low.bottom(), "messages must return to the corner"


def test_a_message_after_its_window_is_deleted_raises_no_error(theme: Theme) -> None:
    host = QFrame()
    picture, bar, messages = QWidget(host), QWidget(host), Messages()
    Toasts(host, theme, picture, messages, [bar])
    host.show()
    messages.fail("one.ply: it is empty")
    delete(host)  # its children are hidden and moved once more; pytest-qt reports errors of their filters
    messages.fail("two.ply: it is empty")


def test_an_offer_stays_visible_while_later_messages_arrive(theme: Theme) -> None:
    host = QFrame()
    picture, messages = QWidget(host), Messages()
    toasts = Toasts(host, theme, picture, messages)
    host.show()
    messages.tell("warning", "What was open was saved.", remedy=("Restore", lambda: None), stays=True)
    for number in range(5):
        messages.info(f"Message {number}")
    shown = [label.text() for label in toasts.findChildren(QLabel) if label.isVisible() and label.text()]
    assert shown == ["What was open was saved.", "Message 2", "Message 3", "Message 4"]
    delete(host)

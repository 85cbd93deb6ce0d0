"""Garbage is collected only on the GUI thread, so that Qt objects in reference cycles are destroyed there."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from pytestqt.qtbot import QtBot

from tests.gui.window.conftest import OpenWindow

MANY = 100_000  # objects: more than Python allocates without a collection


@pytest.fixture
def searches() -> Iterator[list[threading.Thread]]:
    """The threads on which Python has collected garbage."""
    threads: list[threading.Thread] = []

    def note(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            threads.append(threading.current_thread())

    gc.callbacks.append(note)
    yield threads
    gc.callbacks.remove(note)


def in_a_circle(deaths: list[threading.Thread]) -> None:
    """Leave a timer in a reference cycle; ``deaths`` gets the thread on which it is destroyed."""
    owner, timer = QObject(), QTimer()
    owner.timer, timer.owner = timer, owner  # type: ignore[attr-defined]
    timer.destroyed.connect(
        lambda: deaths.append(threading.current_thread()), Qt.ConnectionType.DirectConnection
    )


def test_a_thread_that_allocates_destroys_no_object_of_qt(
    qtbot: QtBot, open_window: OpenWindow, searches: list[threading.Thread]
) -> None:
    gc.enable()  # the state in which Python starts
    window = open_window()
    qtbot.waitUntil(lambda: window.is_complete)
    deaths: list[threading.Thread] = []
    kept: list[list[int]] = []
    in_a_circle(deaths)
    searches.clear()
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(MANY)))
    thread.start()
    thread.join()
    assert searches == [] and deaths == []
    qtbot.waitUntil(lambda: deaths != [])
    assert {*deaths, *searches} == {threading.main_thread()}

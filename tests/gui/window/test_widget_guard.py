"""The guard of all GUI tests stops and reports every access to a widget from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.widget_guard import TouchedOffThread
from tests.gui import conftest
from tests.gui.window.conftest import CHAIR, OpenWindow, settle


class Own(QLabel):
    def read(self) -> str:
        return super().text()


@pytest.mark.parametrize(
    "touch",
    [
        lambda label: label.grab(),
        lambda label: label.read(),
        lambda label: QLabel.setText(label, "b"),
        lambda label: QPixmap(2, 2).toImage(),
    ],
)
def test_a_touch_from_another_thread_is_stopped_before_it_happens(
    qtbot: QtBot, touch: Callable[[Own], object]
) -> None:
    label, background = Own("a"), Background()
    qtbot.addWidget(label)
    with qtbot.waitSignal(background.start("Touching", lambda _: touch(label)).failed) as failed:
        pass
    assert isinstance(failed.args[0], TouchedOffThread) and label.text() == "a"
    assert "test_widget_guard.py" in str(failed.args[0])
    assert conftest.touched == [str(failed.args[0])]  # which would fail any other test
    conftest.touched.clear()
    touch(label)  # allowed on this thread
    background.close()


def test_a_thread_that_touches_no_widget_is_not_stopped(qtbot: QtBot) -> None:
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(QImage(2, 3, QImage.Format.Format_RGB32).height()))
    thread.start()
    thread.join()
    assert done == [3]


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_picture_of_the_window_has_its_size(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    window = open_window(CHAIR)
    path = tmp_path / f"window.{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.actions_by_id["window-picture"].trigger()
    settle(qtbot, window)
    [(level, text)] = window.toasts.messages
    assert level == "info" and path.name in text
    assert QImage(str(path)).size() == window.size() * window.devicePixelRatioF()

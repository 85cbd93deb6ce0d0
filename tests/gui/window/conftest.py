"""Fixtures: a window with the real renderer and its own settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.child import Child
from apsnet_core.methods.registry import method_colour
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.window import toasts
from apsnet_gui.window.window import Window
from tests.gui.lent_reader import lend
from tests.gui.patience import TIMEOUT as TIMEOUT
from tests.gui.pictures import samples_seen
from tests.narrow import present

CHAIR = str(asset("shapes", "chair.obj"))
OpenWindow = Callable[..., Window]
ROUNDS = 8  # rounds of the event loop in a row without new work: a step of long work skips at most five
SOON_MS = 200  # longest timer that merges several changes into one; slower timers wait for an idle user


@pytest.fixture(scope="session")
def thumbnails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of thumbnails: the first window of the run draws them, later windows find them."""
    return tmp_path_factory.mktemp("thumbnails")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thumbnails: Path) -> Path:
    """The program's own folder (APSNET_HOME) during a test."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "thumbnails").symlink_to(thumbnails)
    monkeypatch.setenv("APSNET_HOME", str(folder))
    return folder


@pytest.fixture
def open_window(
    qtbot: QtBot,
    renderer: RenderClient,
    reader: Child,
    theme: Theme,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OpenWindow]:
    """``open_window(*paths)``: a shown window that has read and drawn all these files."""
    windows = []
    readers = lend(reader, monkeypatch)
    monkeypatch.setattr(toasts, "STAY_MS", dict.fromkeys(toasts.STAY_MS, 3_600_000))  # longer than any test

    def make(*paths: str) -> Window:
        window = Window(Settings(home), theme, renderer)
        windows.append(window)
        window.show()
        if paths:
            window.opening.open_paths(paths)
        settle(qtbot, window)
        return window

    yield make
    for window in windows:
        window.session.saved_as(None)
        window.close()
        window.deleteLater()
    assert all(each.ended for each in readers), "a closed window must end its reader process"


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def names(window: Window) -> list[str]:
    """Names of the open shapes, in the order of the list."""
    return [entry.name for entry in window.session.document.entries]


def settle(qtbot: QtBot, window: Window) -> None:
    """Wait until the window has no work left and no timer that could start more."""
    calm = 0
    while calm < ROUNDS:
        qtbot.waitUntil(lambda: window.is_complete and not _waits(window), timeout=TIMEOUT)
        qtbot.wait(2)  # a timer of 2 ms fires after all pending events and the timers of 0 and 1 ms
        calm = calm + 1 if window.is_complete and not _waits(window) else 0


def _waits(window: Window) -> bool:
    """Whether a single-shot timer of the window will fire soon."""
    timers = window.findChildren(QTimer)
    return any(timer.isActive() and timer.isSingleShot() and timer.interval() <= SOON_MS for timer in timers)


def seen_in(window: Window) -> float:
    """The fraction of the samples that the view shows in the method's colour."""
    result = present(window.session.result)
    return samples_seen(window.view, result.sampling, method_colour(result.choice.method))

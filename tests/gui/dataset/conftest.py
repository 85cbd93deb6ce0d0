"""The window's own fixtures, and one that opens it on a dataset."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.datasets import Dataset, open_dataset
from apsnet_gui.dataset.panel import STEP_MS, DatasetPanel
from apsnet_gui.window.window import Window
from tests.gui.methods import specs
from tests.gui.window.conftest import TIMEOUT, OpenWindow, home, open_window, settle, thumbnails

__all__ = ["browse", "furniture", "home", "open_window", "stepped", "thumbnails"]

Browse = Callable[..., Window]


@pytest.fixture(scope="session")
def furniture() -> Dataset:
    """The bundled dataset, as the core opens it."""
    return open_dataset("furniture")


@pytest.fixture
def browse(qtbot: QtBot, open_window: OpenWindow) -> Browse:
    """``browse(methods, m)``: a window with the bundled furniture, which compares given methods."""

    def make(methods: str = "", m: int = 8) -> Window:
        window = open_window()
        if methods:
            document = window.session.document.with_choice(m=m)
            document = document.with_lineup(methods=specs(*methods.split(",")), shown=True)
            window.session.replace_all(document, None, None)
        window.start_page.furniture.click()
        stepped(qtbot, window)
        return window

    return make


def stepped(qtbot: QtBot, window: Window) -> None:
    """Wait until the dataset is read, and the shape chosen last is open and drawn."""
    panel: DatasetPanel = window.dataset.panel
    qtbot.waitUntil(lambda: not window.dataset.current_dataset.reading, timeout=TIMEOUT)
    qtbot.wait(STEP_MS // 2)
    qtbot.waitUntil(lambda: not panel.is_stepping, timeout=TIMEOUT)
    settle(qtbot, window)

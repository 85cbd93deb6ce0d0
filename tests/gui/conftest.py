"""One application, font, renderer and reader for all GUI tests; only the GUI thread touches widgets."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pytest
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from apsnet_core.child import Child
from apsnet_core.files.reader_process import ENVIRONMENT
from apsnet_gui.jobs import reader_process
from apsnet_gui.jobs.garbage import search_for_garbage
from apsnet_gui.jobs.widget_guard import guard_widgets
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.window.commands import files
from apsnet_gui.window.unsaved import Unsaved
from tests.gui.patience import PatientBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="package", autouse=True)
def _garbage_is_left_to_the_gui_thread(qapp: QApplication) -> Iterator[None]:
    search_for_garbage()
    yield
    gc.collect()  # destroy closed windows before tests of the core allocate on other threads
    gc.enable()


touched: list[str] = []
guard_widgets(touched.append)


@pytest.fixture(autouse=True)
def _widgets_are_left_to_the_gui_thread() -> Iterator[None]:
    touched.clear()
    yield
    assert not touched, touched


@pytest.fixture(autouse=True)
def _unsaved_work_is_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unsaved work is discarded without a question; tests of the question answer it themselves."""
    monkeypatch.setattr(files, "ask_about_unsaved", lambda *_: Unsaved.DISCARD)


@pytest.fixture(scope="session")
def font(qapp: QApplication) -> QFont:
    """DejaVu Sans, which matplotlib contains, on every machine; APSNET_TEST_FONT names another font."""
    family = os.environ.get("APSNET_TEST_FONT")
    if family is None:
        file = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
        [family] = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
    assert family in QFontDatabase.families(), f"there is no font {family} on this machine"
    return QFont(family, 9)


@pytest.fixture(scope="session")
def theme(qapp: QApplication, font: QFont) -> Theme:
    """One theme for all tests, because every theme styles the whole application."""
    return Theme(qapp, "dark", font=font)


@pytest.fixture(scope="session")
def renderer(qapp: QApplication) -> Iterator[RenderClient]:
    """The real Open3D process, shared: starting it takes longer than most tests."""
    client = RenderClient()
    yield client
    client.shutdown()


@pytest.fixture(scope="session")
def reader() -> Iterator[Child]:
    """The real process that reads files, shared too."""
    child = Child(f"{reader_process.__name__}:main", errors=subprocess.DEVNULL, environment=ENVIRONMENT)
    yield child
    child.close()

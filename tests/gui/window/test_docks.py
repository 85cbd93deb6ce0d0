"""A panel is created when it is first seen; the window appears before the hidden panels exist."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtWidgets import QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

import apsnet_gui
from apsnet_gui.panels.messages import MessagesPanel
from apsnet_gui.state.messages import Messages
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.stepping import go_through
from apsnet_gui.style.theme import Theme
from apsnet_gui.window.docks import DOCKS, Docks
from apsnet_gui.window.later import LATER

PACKAGE = Path(apsnet_gui.__file__).parent
FIRST_PAINT = """
import linecache, os, sys
from apsnet_gui.start import run
from apsnet_gui.window import window
from apsnet_gui import app
class First(window.Window):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("\\n".join(sys.modules))
        print("\\n".join(f"source of {name}" for name in linecache.cache), flush=True)
        os._exit(0)
window.Window = First
app.main([])
"""
HEAVY = {
    "annotated_types",
    "importlib.metadata",
    "numpy",
    "torch",
    "open3d",
    "pyqtgraph",
    "scipy",
    "h5py",
    "matplotlib",
    "numba",
    "psutil",
    "pydantic",
    "laspy",
    "trimesh",
}
UNSEEN = {
    f"apsnet_gui.{name}"
    for name in (
        "comparison.live",
        "comparison.plot_panel",
        "comparison.table_panel",
        "comparison.toolbar",
        "dataset.dataset",
        "dataset.panel",
        "dataset.evaluation_panel",
        "jobs.autosave",
        "jobs.reading",
        "jobs.sampling",
        "panels.colour_scale",
        "panels.messages",
        "panels.shape_facts",
        "panels.what_if",
        "training.panel",
        "training.training",
        "viewport.client",
        "viewport.widget",
        "views.hand",
        "views.session_view",
        "window.command_palette",
        "window.commands.commands",
        "window.crop_bar",
        "window.opening",
        "window.save_pictures",
        "window.thumbnails",
    )
}


def test_the_window_is_painted_before_unseen_modules_are_imported(home: Path) -> None:
    run = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True)
    imported = set(run.stdout.splitlines())
    assert "apsnet_gui.panels.sampling" in imported
    assert not sorted(imported & (HEAVY | UNSEEN | {"apsnet_core.files.formats", "urllib.request"}))
    assert not [name for name in imported if name.startswith(f"source of {PACKAGE / 'window'}")]


def test_a_panel_is_made_when_its_dock_is_seen_or_asked_for(qtbot: QtBot, theme: Theme, home: Path) -> None:
    made: list[str] = []

    def maker(name: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            made.append(name)
            return QLabel(name)

        return make

    window = QMainWindow()
    qtbot.addWidget(window)
    docks = Docks(window, theme, {spec.name: maker(spec.name) for spec in DOCKS})
    docks.restore(Settings(home))
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    assert set(made) == {"Clouds", "Sampling", "Attention"}
    docks.show("Plot")
    assert made[-1] == "Plot"
    next(dock for dock in docks if dock.windowTitle() == "Messages").raise_()  # like a click on its tab
    qtbot.waitUntil(lambda: made[-1] == "Messages")
    label = docks["Dataset"].widget()
    assert isinstance(label, QLabel) and label.text() == "Dataset" and made[-1] == "Dataset"
    go_through(window, docks.the_rest())
    qtbot.waitUntil(lambda: docks.are_whole)
    assert sorted(made) == sorted(spec.name for spec in DOCKS)
    assert all(dock.widget() is not None for dock in docks)


def test_the_list_has_the_messages_from_before_it_was_made(qtbot: QtBot, theme: Theme) -> None:
    messages = Messages()
    messages.warn("said early")
    panel = MessagesPanel(messages, theme)
    qtbot.addWidget(panel)
    messages.info("said late")
    items = [panel.list.topLevelItem(i) for i in range(panel.list.topLevelItemCount())]
    assert [item.text(2) for item in items if item is not None] == ["said early", "said late"]


def test_no_panel_or_dialog_is_imported_when_a_user_first_asks_for_it() -> None:
    """Every module of the window that a function imports is already loaded before the call."""
    rooms = [PACKAGE / room for room in ("comparison", "dataset", "panels", "training", "widgets", "window")]
    asked = {
        name
        for room in rooms
        for file in room.rglob("*.py")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for name in imported_by(ast.walk(function))
    }
    assert "apsnet_gui.training.form" in asked
    there, new = set[str](), {name for name in ("apsnet_gui.window.window", *LATER) if file_of(name).exists()}
    while new:
        there |= new
        trees = (ast.parse(file_of(name).read_text(encoding="utf-8")) for name in new)
        new = {name for tree in trees for name in imported_by(tree.body)} - there
    assert not asked - there


def imported_by(statements: Iterable[ast.AST]) -> set[str]:
    """The modules of the window that these statements import names from."""
    found = (node.module for node in statements if isinstance(node, ast.ImportFrom))
    return {name for name in found if name and name.startswith("apsnet_gui.") and file_of(name).exists()}


def file_of(name: str) -> Path:
    return (PACKAGE.parent / name.replace(".", "/")).with_suffix(".py")

"""Every action of the program is triggered in every state in which it is enabled, and does something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.ops.orientation import DIRECTIONS
from apsnet_gui.state import project_file
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.window.actions import all_actions
from apsnet_gui.window.command_palette import CommandPalette
from apsnet_gui.window.dialogs import PictureDialog
from apsnet_gui.window.help import ShortcutsDialog, TextDialog
from apsnet_gui.window.plugins_dialog import PluginsDialog
from apsnet_gui.window.window import Window
from tests.gui.methods import spec, specs

from .conftest import CHAIR, TIMEOUT, OpenWindow, settle

Seen = Callable[[Window], object]
EMPTY, SAMPLED, COMPARED, BROWSED = STATES = ("empty", "sampled", "compared", "browsed")
ALWAYS, SHAPE, DATASET = STATES, (SAMPLED, COMPARED, BROWSED), (BROWSED,)


@dataclass(frozen=True)
class Deed:
    """The action must change what ``seen`` returns; the actions ``first`` are triggered before it."""

    seen: Seen
    states: tuple[str, ...] = SHAPE
    first: tuple[str, ...] = ()
    only: tuple[str, ...] = STATES  # where it is triggered: fewer if it is slow and works alike in all


def look(name: str) -> Seen:
    return lambda window: getattr(window.session.document.look, name)


def entry(name: str) -> Seen:
    return lambda window: getattr(window.session.document.active, name)


def choice(name: str) -> Seen:
    return lambda window: getattr(window.session.document.choice, name)


def camera(window: Window) -> object:
    return window.view.camera


def dock(name: str) -> Seen:
    return lambda window: [
        d.isVisible() and not d.visibleRegion().isEmpty() for d in window.docks if d.windowTitle() == name
    ]


def document(window: Window) -> object:
    return window.session.document


def result(window: Window) -> object:
    return window.session.result


def result_of_all(window: Window) -> object:
    return tuple(map(id, window.results.parts.values())), window.session.result


def dataset(window: Window) -> object:
    return window.session.document.dataset


def files(window: Window) -> object:
    """The files in the folder that all dialogs name; the name of an unfinished file starts with a dot."""
    return sorted(p.name for p in Path(window.settings.text("folder", "")).rglob("[!.]*.*"))


def dialogs(kind: type[QDialog]) -> Seen:
    return lambda window: [dialog.windowTitle() for dialog in window.findChildren(kind) if dialog.isVisible()]


said: list[str] = []  # texts of message boxes and addresses opened outside the window


DEEDS: dict[str, Deed] = {
    "open": Deed(lambda window: len(window.session.document.entries), ALWAYS),
    "open-project": Deed(lambda window: window.session.file, ALWAYS),
    "open-dataset": Deed(dataset, ALWAYS),
    "furniture": Deed(dataset, ALWAYS, only=(EMPTY, SAMPLED, COMPARED)),
    "new": Deed(lambda window: window.session.undo_text, ALWAYS, ("order",)),
    "save": Deed(files, ALWAYS),
    "save-as": Deed(files, ALWAYS),
    "export": Deed(files),
    "export-cloud": Deed(files),
    "screenshot": Deed(files),
    "window-picture": Deed(files, ALWAYS),
    "close": Deed(lambda window: window.session.document.entries),
    "undo": Deed(document, ALWAYS, ("order",)),
    "redo": Deed(document, ALWAYS, ("order", "undo")),
    "rename": Deed(lambda window: window.clouds.table.state() == QAbstractItemView.State.EditingState),
    "copy": Deed(lambda _: QGuiApplication.clipboard().image().size().toTuple(), first=("copy-command",)),
    "copy-samples": Deed(lambda _: QGuiApplication.clipboard().text()),
    "copy-command": Deed(lambda _: QGuiApplication.clipboard().text()),
    "copy-camera": Deed(lambda _: QGuiApplication.clipboard().text()),
    "paste-camera": Deed(camera, first=("view.top", "copy-camera", "view.left")),
    **{
        f"view.{side}": Deed(camera, first=("view.isometric",))
        for side in ("front", "back", "left", "right", "top", "bottom", "projection")
    },
    "view.isometric": Deed(camera, first=("view.top",)),
    "camera-back": Deed(camera, first=("view.top",)),
    "camera-on": Deed(camera, first=("view.top", "camera-back")),
    "fit": Deed(camera, first=("view.top",)),
    "turn": Deed(entry("up")),
    **{f"up-{up}": Deed(entry("up"), first=("up-x" if up == "-x" else "up--x",)) for up in DIRECTIONS},
    "measure": Deed(lambda window: window.measuring.held),
    "copy-measure": Deed(lambda window: [said.text for said in window.messages.all]),
    "clear-measure": Deed(lambda window: [said.text for said in window.messages.all]),
    # test_cutting, test_selecting and test_hiding test their effects.
    **{
        action.id: Deed(document, DATASET, only=())
        for action in all_actions()
        if action.menu.startswith("&Cloud")
    },
    "floor": Deed(lambda window: window.floor.held),
    "mesh": Deed(entry("as_mesh"), (SAMPLED, COMPARED)),
    "ghost": Deed(look("ghost"), ALWAYS),
    "samples": Deed(look("samples"), ALWAYS),
    "order": Deed(look("order"), ALWAYS),
    "axes": Deed(look("axes"), ALWAYS),
    **{f"colour-{which}": Deed(entry("colouring")) for which in ("height", "plain", "attention", "parts")},
    **{
        f"colour-{which}": Deed(entry("colouring"), (BROWSED,) if which == "curvature" else ())
        for which in ("file", "curvature", "normal")  # the chair, a mesh, has none of these
    },
    "colour-auto": Deed(entry("colouring"), first=("colour-plain",)),
    "background-auto": Deed(look("background"), ALWAYS, ("background-light",)),
    "background-dark": Deed(look("background"), ALWAYS),
    "background-light": Deed(look("background"), ALWAYS),
    "points-larger": Deed(look("point_size")),
    "points-smaller": Deed(look("point_size")),
    "compare": Deed(lambda window: window.session.document.lineup.shown),
    **{
        f"layout-{which}": Deed(lambda window: window.session.document.lineup.layout, (COMPARED,), first)
        for which, first in (
            ("grid", ("layout-slider",)),
            ("slider", ()),
            ("moved", ()),
            ("attention", ()),
        )
    },
    **{
        f"divider-{side}": Deed(
            lambda window: window.session.document.lineup.divider, (COMPARED,), ("layout-slider",)
        )
        for side in ("left", "right")
    },
    "swap-two": Deed(lambda window: window.session.document.lineup.pair, (COMPARED,)),
    "pin": Deed(lambda window: window.session.document.lineup.pinned, (COMPARED,)),
    "what-if": Deed(dock("What if"), ALWAYS),
    "compare-report": Deed(files, (COMPARED,)),
    "export-plot": Deed(files, (COMPARED,), only=()),  # test_comparison tests it
    "export-table": Deed(files, (COMPARED,), only=()),  # the core writes it: test_sheets
    "sample": Deed(result_of_all),
    "seed": Deed(choice("seed")),
    "fewer": Deed(choice("m")),
    "more": Deed(choice("m")),
    "play": Deed(lambda window: window.attention.play.isChecked()),
    "step-back": Deed(lambda window: window.session.step),
    "step-on": Deed(lambda window: window.session.step, first=("step-back", "step-back")),
    "attention-sum": Deed(look("attention_mode"), (SAMPLED, COMPARED)),
    "attention-log": Deed(look("logarithmic"), (SAMPLED, COMPARED)),
    "attention-save": Deed(files),
    "shape-on": Deed(lambda window: window.session.document.browsed, DATASET),
    "shape-back": Deed(lambda window: window.session.document.browsed, DATASET),
    "shape-keep": Deed(lambda window: window.session.document.browsed, DATASET),
    "evaluate": Deed(dock("Evaluation"), DATASET),
    "close-dataset": Deed(dataset, DATASET),
    "train": Deed(lambda window: window.training.form is not None, ALWAYS),
    "train-plan": Deed(dialogs(QDialog), ALWAYS),
    "messages": Deed(dock("Messages"), ALWAYS),
    "trainings": Deed(dock("Training"), ALWAYS),
    "theme-system": Deed(lambda window: window.theme.mode, ALWAYS, only=(EMPTY,)),
    "theme-light": Deed(lambda window: window.theme.mode, ALWAYS, only=(EMPTY,)),
    "theme-dark": Deed(lambda window: window.theme.mode, ALWAYS, first=("theme-light",), only=(EMPTY,)),
    **{
        f"text-{n}": Deed(lambda window: window.theme.scale, ALWAYS, only=(EMPTY,))
        for n in (90, 110, 125, 150)
    },
    "text-100": Deed(lambda window: window.theme.scale, ALWAYS, first=("text-110",), only=(EMPTY,)),
    "device-auto": Deed(lambda window: window.settings.text("device", "cpu"), ALWAYS, only=(EMPTY,)),
    # test_network_device tests the other devices.
    **{
        f"device-{name}": Deed(lambda window: window.settings.text("device", "cpu"), ALWAYS, only=())
        for name in ("cpu", "cuda")
    },
    "columns": Deed(files, ()),  # only for text files
    "plugins": Deed(dialogs(PluginsDialog), ALWAYS),
    "reset-layout": Deed(dock("Training"), ALWAYS, ("trainings",)),
    "palette": Deed(lambda window: any(p.isVisible() for p in window.findChildren(CommandPalette)), ALWAYS),
    "full-screen": Deed(lambda window: window.isFullScreen(), ALWAYS, only=(EMPTY,)),
    "shortcuts": Deed(dialogs(ShortcutsDialog), ALWAYS),
    "guide": Deed(dialogs(TextDialog), ALWAYS),
    "news": Deed(dialogs(TextDialog), ALWAYS),
    "report-problem": Deed(lambda _: len(said), ALWAYS),
    "cite": Deed(lambda _: len(said), ALWAYS),
    "log": Deed(lambda _: len(said), ALWAYS),
    "about": Deed(lambda _: len(said), ALWAYS),
    "quit": Deed(lambda window: window.isVisible(), ALWAYS),
}


def test_the_table_has_every_action() -> None:
    assert set(DEEDS) == {action.id for action in all_actions()}


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every dialog is answered at once; files are written into the returned folder."""
    there = tmp_path / "there"
    there.mkdir()
    project = tmp_path / ("other" + project_file.SUFFIX)
    project_file.save(Session(), project)
    points = np.random.default_rng(0).normal(size=(2, 50, 3))
    for name, xyz in zip("ab", points, strict=True):
        (tmp_path / "set" / "egg").mkdir(parents=True, exist_ok=True)
        np.savetxt(tmp_path / "set" / "egg" / f"{name}.xyz", xyz)
    button = QMessageBox.StandardButton.Discard
    for name, answer in {
        "getOpenFileNames": lambda *_: ([str(asset("shapes", "horse.obj"))], ""),
        "getOpenFileName": lambda *_: (str(project), ""),
        "getSaveFileName": lambda _, __, name, filters: (str(there / Path(name).name), filters),
        "getExistingDirectory": lambda _, title, *__: str(tmp_path / "set" if "dataset" in title else there),
    }.items():
        monkeypatch.setattr(QFileDialog, name, answer)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    monkeypatch.setattr(QMessageBox, "about", lambda *given: said.append(given[2]))
    monkeypatch.setattr(QMessageBox, "information", lambda *given: said.append(given[2]))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: said.append(QUrl.toString(url)))
    monkeypatch.setattr(PictureDialog, "exec", lambda self: PictureDialog.DialogCode.Accepted)
    yield there
    said.clear()


def bring(qtbot: QtBot, open_window: OpenWindow, state: str) -> Window:
    if state == EMPTY:
        return open_window()
    if state == BROWSED:
        window = open_window()
        window.actions_by_id["furniture"].trigger()
        qtbot.waitUntil(lambda: window.session.document.browsed is not None, timeout=TIMEOUT)
        window.actions_by_id["shape-on"].trigger()
        settle(qtbot, window)
        return window
    window = open_window(CHAIR)
    start = window.session.document.with_choice(spec=spec("apsnet"), m=8)
    if state == COMPARED:
        start = start.with_lineup(methods=specs("apsnet", "farthest_point"), shown=True)
    window.session.change("Begin", start)
    settle(qtbot, window)
    return window


@pytest.mark.parametrize("state", STATES)
def test_every_enabled_action_changes_something(
    qtbot: QtBot, open_window: OpenWindow, answered: Path, state: str
) -> None:
    window = bring(qtbot, open_window, state)
    window.settings.put("folder", str(answered))
    session, layout = window.session, window.saveState()
    start = session.document
    built = window.actions_by_id
    for action in sorted(all_actions(), key=lambda action: action.id == "quit"):
        deed = DEEDS[action.id]
        if state not in deed.states:
            assert not built[action.id].isEnabled(), action.id
        if state not in deed.states or state not in deed.only:
            continue
        for id in deed.first:
            built[id].trigger()
        assert built[action.id].isEnabled(), action.id
        before = deed.seen(window)
        built[action.id].trigger()
        wait_for_change(qtbot, lambda: deed.seen(window), before, action.id)  # noqa: B023
        restore(qtbot, window, start, answered)
        window.restoreState(layout)
    assert not [text for level, text in window.toasts.messages if level == "error"]


def wait_for_change(qtbot: QtBot, seen: Callable[[], object], before: object, id: str) -> None:
    def changed() -> None:
        assert seen() != before, f"{id} changed nothing of {before}"

    qtbot.waitUntil(changed, timeout=TIMEOUT)


def restore(qtbot: QtBot, window: Window, start: Document, folder: Path) -> None:
    """Put the window back into its first state and delete the files."""
    if (window.theme.mode, window.theme.scale) != ("dark", 100):
        window.theme.set_mode("dark")
        window.theme.set_scale(100)
    window.attention.play.setChecked(False)
    for dialog in (*window.findChildren(CommandPalette), *window.findChildren(ShortcutsDialog)):
        dialog.close()
    for kind in (TextDialog, PluginsDialog):
        for shown in window.findChildren(kind):
            shown.close()
    if window.isFullScreen():
        window.showNormal()
    if window.training.form is not None:
        window.training.form.reject()
    qtbot.waitUntil(lambda: not window.reading.busy, timeout=TIMEOUT)
    for file in folder.rglob("[!.]*.*"):
        file.unlink()
    session = window.session
    while session.undo_text is not None and session.document != start:
        session.undo()
    if session.document != start or session.file is not None:
        session.replace_all(start, None, None)
        if start.active is not None and window.isVisible():
            window.actions_by_id["sample"].trigger()
    if start.active is not None and window.isVisible():
        qtbot.waitUntil(lambda: session.result is not None, timeout=TIMEOUT)
    session.set_step(start.choice.m)

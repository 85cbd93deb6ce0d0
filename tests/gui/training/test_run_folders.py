"""The window shows the same trainings wherever it is started, and those of each folder that is added."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.training.config import make_config
from apsnet_core.training.runs import Run
from apsnet_core.weights import user_weights
from apsnet_core.weights.run_folders import choose_run_folders, run_folders, runs_folder
from apsnet_gui.training.folders_button import FoldersButton
from apsnet_gui.window.window import Window
from tests.gui.methods import spec
from tests.gui.window.conftest import TIMEOUT, OpenWindow

from .conftest import TINY


def names(window: Window) -> set[str]:
    return {state.name for state in window.training.training.runs.values()}


def own_weights(window: Window) -> set[str]:
    """The weights that the window offers for an APSNet, without the bundled ones."""
    choice = replace(window.session.document.choice, spec=spec("apsnet"), task="classification")
    return {entry.name for entry in window.weights_list.fitting(choice) if entry.origin != "shipped"}


def act(window: Window, text: str) -> None:
    """Choose an action from the menu of folders."""
    button = next(b for b in window.training.panel.findChildren(FoldersButton) if b.isVisibleTo(window))
    button.fill()
    next(action for action in button.menu().actions() if action.text().startswith(text)).trigger()


def test_folders_of_trainings_are_added_and_left_out_and_trainings_deleted(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APSNET_RUNS", raising=False)
    new = Run.create(runs_folder() / "new", make_config(TINY))
    old = Run.create(tmp_path / "runs" / "old", make_config(TINY))
    for each in (new, old):
        shutil.copyfile(asset("weights", "classification-apsnet.safetensors"), each.best)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    window = open_window()
    window.actions_by_id["trainings"].trigger()
    qtbot.waitUntil(lambda: names(window) == {"new"}, timeout=TIMEOUT)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(old.folder.parent))
    act(window, "Add a folder")
    qtbot.waitUntil(lambda: names(window) == {"new", "old"}, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: own_weights(window) == {"new", "old"}, timeout=TIMEOUT)

    asked: list[str] = []
    answers = iter((QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Yes))
    monkeypatch.setattr(QMessageBox, "question", lambda *given: asked.append(given[2]) or next(answers))
    state = next(s for s in window.training.training.runs.values() if s.name == "old")
    window.training.delete(state)
    assert old.folder.is_dir() and str(old.folder.parent / ".trash") in asked[0]
    window.training.delete(state)
    qtbot.waitUntil(lambda: names(window) == {"new"}, timeout=TIMEOUT)
    assert (old.folder.parent / ".trash" / "old" / "config.json").is_file()
    qtbot.waitUntil(lambda: own_weights(window) == {"new"}, timeout=TIMEOUT)

    user_weights().mkdir(parents=True)
    shutil.copyfile(new.best, user_weights() / ".half")
    (user_weights() / ".half").rename(user_weights() / "kept.safetensors")  # like another window
    qtbot.waitUntil(lambda: own_weights(window) == {"new", "kept"}, timeout=TIMEOUT)
    (user_weights() / "kept.safetensors").unlink()
    qtbot.waitUntil(lambda: own_weights(window) == {"new"}, timeout=TIMEOUT)

    act(window, "Put new trainings")
    assert run_folders()[0] == old.folder.parent == window.training.training.folders[0]
    choose_run_folders(first=tmp_path / "third")  # like another window, or the shell
    assert window.training.training.folders == [tmp_path / "third", old.folder.parent, new.folder.parent]
    choose_run_folders(drop=tmp_path / "third")
    act(window, "Leave out")
    qtbot.waitUntil(lambda: names(window) == set(), timeout=TIMEOUT)

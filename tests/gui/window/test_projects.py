"""Projects whose files were moved, and projects that two windows work on: nothing is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from apsnet_gui.state import project_file as project
from apsnet_gui.window.commands import files
from apsnet_gui.window.unsaved import Overwrite

from .conftest import CHAIR, TIMEOUT, OpenWindow, names, settle

NAMES = ("one", "two", "three")


@pytest.fixture
def scans(tmp_path: Path) -> list[str]:
    """Two clouds in a folder, and a third in its subfolder."""
    (tmp_path / "scans" / "deep").mkdir(parents=True)
    rng = np.random.default_rng(0)
    places = [tmp_path / "scans" / f"{name}.xyz" for name in NAMES[:2]]
    places.append(tmp_path / "scans" / "deep" / "three.xyz")
    for place in places:
        np.savetxt(place, rng.random((50, 3)))
    return list(map(str, places))


def test_moved_files_stay_listed_as_missing_and_are_located_together(
    qtbot: QtBot,
    open_window: OpenWindow,
    tmp_path: Path,
    scans: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_window(*scans[:1], CHAIR, *scans[1:])
    file = tmp_path / "elsewhere" / "p.apsnet"
    file.parent.mkdir()
    project.save(window.session, file)
    before = json.loads(file.read_text())["entries"]
    (tmp_path / "scans").rename(tmp_path / "moved")

    again = open_window(str(file))
    assert names(again) == ["chair"]
    panel = again.clouds.missing
    assert panel.isVisible() and not panel.visibleRegion().isEmpty()
    assert [panel.list.item(i).text() for i in range(3)] == [f"{name} (missing)" for name in NAMES]
    assert "there is no such file" in panel.list.item(0).toolTip()
    assert not again.session.modified
    again.actions_by_id["save"].trigger()
    assert not before[1]["visible"]
    before[1]["visible"] = True  # it is shown instead of the current shape, which is missing
    assert json.loads(file.read_text())["entries"] == before

    there = tmp_path / "moved" / "two.xyz"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(there), ""))
    panel.list.setCurrentRow(1)
    panel.ask.click()
    qtbot.waitUntil(lambda: not again.session.document.missing, timeout=TIMEOUT)
    settle(qtbot, again)
    assert names(again) == ["one", "chair", "two", "three"] and not panel.isVisible()
    assert [Path(entry.path).is_file() for entry in again.session.document.entries] == [True] * 4
    again.session.undo()
    assert len(again.session.document.missing) == 3
    again.session.redo()
    again.actions_by_id["save"].trigger()
    assert names(open_window(str(file))) == ["one", "chair", "two", "three"]


def test_a_missing_shape_can_be_removed(open_window: OpenWindow, tmp_path: Path, scans: list[str]) -> None:
    window = open_window(*scans)
    project.save(window.session, tmp_path / "p.apsnet")
    for path in scans:
        Path(path).unlink()
    again = open_window(str(tmp_path / "p.apsnet"))
    assert names(again) == [] and len(again.session.document.missing) == 3
    assert not again.clouds.missing.visibleRegion().isEmpty()
    again.clouds.missing.remove.click()
    assert [each.name for each in again.session.document.missing] == ["two", "three"]
    assert again.session.has_unsaved_work


def test_two_windows_on_one_project_ask_before_they_overwrite_it(
    open_window: OpenWindow, tmp_path: Path, scans: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(what: Overwrite) -> None:
        monkeypatch.setattr(files, "ask_about_overwriting", lambda _, why: asked.append(why) or what)

    file = tmp_path / "p.apsnet"
    first = open_window(*scans)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    first.actions_by_id["save"].trigger()
    assert not [text for level, text in first.toasts.messages if level == "warning"]
    second = open_window(str(file))
    assert next(t for level, t in second.toasts.messages if level == "warning").startswith(
        "p.apsnet is open in another window too"
    )
    second.session.choose(m=7)
    second.actions_by_id["save"].trigger()
    assert asked == []  # nobody else has saved, so there is nothing to ask
    first.session.choose(m=9)
    for what, m in ((Overwrite.NO, 7), (Overwrite.YES, 9)):
        answer(what)
        first.actions_by_id["save"].trigger()
        assert json.loads(file.read_text())["choice"]["m"] == m
    assert asked == ["p.apsnet was saved by someone else since it was opened here."] * 2
    elsewhere = tmp_path / "mine.apsnet"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(elsewhere), ""))
    answer(Overwrite.ELSEWHERE)
    second.actions_by_id["save"].trigger()
    assert json.loads(elsewhere.read_text())["choice"]["m"] == 7
    assert second.session.file == elsewhere and len(asked) == 3
    third = open_window()
    third.session.look(order=True)
    answer(Overwrite.NO)
    warned: list[str] = []
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "warning", lambda *given: warned.append(given[2]) or yes)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(elsewhere.with_suffix("")), ""))
    third.actions_by_id["save-as"].trigger()  # over a project that another window has open
    assert asked[-1] == "mine.apsnet is open in another window." and third.session.file is None
    assert warned == ["mine.apsnet is there already. Replace it?"]


def test_a_hostile_project_only_causes_an_error_message(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    document = window.session.document
    good = tmp_path / "good.apsnet"
    project.save(window.session, good)
    bad, pipe = tmp_path / "bad.apsnet", tmp_path / "pipe.apsnet"
    bad.write_text(good.read_text().replace('"surface": 2048', '"surface": 1000000000'))
    os.mkfifo(pipe)
    window.opening.open_paths([str(bad), str(pipe), str(tmp_path / "deep.apsnet")])
    settle(qtbot, window)
    errors = [text for level, text in window.toasts.messages if level == "error"]
    assert [text.partition(":")[0] for text in errors] == ["bad.apsnet", "pipe.apsnet", "deep.apsnet"]
    assert "choice.surface is 1000000000" in errors[0]
    assert window.session.document == document

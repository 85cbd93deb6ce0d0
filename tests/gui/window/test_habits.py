"""Everyday details: menu sections, widths of panels, texts and titles, the step that a project restores."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from apsnet_core.training.run_state import RunState
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.state import project_file as project
from apsnet_gui.training.words import progress_line
from apsnet_gui.viewport.scene import MeshLayer
from apsnet_gui.window import status_bar
from tests.gui.methods import spec
from tests.gui.pictures import pixels
from tests.gui.window.conftest import CHAIR, TIMEOUT, OpenWindow, settle
from tests.narrow import of_kind


def test_the_file_menu_has_sections_and_ends_with_quit(open_window: OpenWindow) -> None:
    window = open_window()
    menus = {menu.title(): menu for menu in window.menuBar().findChildren(QMenu)}
    menu = menus["&File"]
    texts = [action.text() if not action.isSeparator() else "" for action in menu.actions()]
    assert texts.count("") >= 4 and texts[-2:] == ["", "&Quit"]
    assert texts.index("Save a &report of the comparison…") < texts.index("&Quit")
    for name in ("&View", "&Window"):
        runs = "".join("|" if action.isSeparator() else "." for action in menus[name].actions()).split("|")
        assert 1 <= min(map(len, runs)) <= max(map(len, runs)) <= 10, (name, runs)
    assert [action for action in menus["&Dataset"].actions() if action.isEnabled() and action.text()]


def test_recent_files_are_visible_at_the_start_without_scrolling(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    window.resize(1280, 720)
    files = [tmp_path / f"{i}.xyz" for i in range(6)]
    for file in files:
        file.write_text("0 0 0\n")
    window.start_page.show_recent([str(file) for file in files])
    settle(qtbot, window)
    page = window.start_page
    bottom = max(
        button.mapTo(page, button.rect().bottomLeft()).y()
        for button in page.findChildren(type(next(iter(page.cards.values()))))
        if button.accessibleName().endswith(".xyz")
    )
    assert 0 < bottom < page.viewport().height()


def test_file_dialogs_open_in_the_folder_of_the_last_opened_file(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans/a.xyz").write_text("0 0 0\n1 0 0\n0 1 0\n")
    window = open_window(str(tmp_path / "scans/a.xyz"), str(CHAIR))
    settle(qtbot, window)
    folders: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *asked: folders.append(asked[2]) or ([], ""))
    window.actions_by_id["open"].trigger()
    assert folders == [str(tmp_path / "scans")], "not the home folder, and not that of the bundled chair"


def test_panels_keep_their_width_with_long_texts(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    window.resize(1280, 720)
    docks = {name: window.docks[name] for name in ("Clouds", "Sampling")}
    before = {name: dock.width() for name, dock in docks.items()}
    file = tmp_path / ("a_name_that_says_everything_" * 5 + ".txt")
    xyz = np.random.default_rng(0).normal(size=(300, 3)) * 1e-9 + [636927.123456, 851062.654321, 0]
    np.savetxt(file, np.column_stack([xyz, xyz, xyz]), fmt="%.15g")
    window.opening.open_paths([str(file), CHAIR])
    settle(qtbot, window)
    window.session.choose(spec=spec("apsnet"), m=256, task="registration")
    settle(qtbot, window)
    for name in docks:
        window.docks.show(name)
    window.session.select(window.session.document.entries[0].id)
    settle(qtbot, window)
    assert {name: dock.width() for name, dock in docks.items()} == before


def test_on_a_small_screen_the_view_has_most_of_the_width(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.resize(1280, 720)
    settle(qtbot, window)
    assert window.width() == 1280 and window.view.width() >= 0.6 * 1280
    window.start_page.furniture.click()
    qtbot.waitUntil(lambda: window.dataset.current_dataset.collection is not None)
    window.dataset.panel.filter.disagree.setChecked(True)
    settle(qtbot, window)
    assert window.dataset.panel.offer.isVisible() and window.view.width() >= 0.6 * 1280


def test_a_project_restores_its_step(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("apsnet"), m=16)
    settle(qtbot, window)
    window.session.set_step(5)
    file = tmp_path / "step.apsnet"
    project.save(window.session, file)
    window.session.saved_as(file)
    again = open_window()
    again.opening.open_project(file)
    settle(qtbot, again)
    assert again.session.step == 5 and again.attention.scrubber.value() == 5
    again.session.choose(m=8)
    settle(qtbot, again)
    assert again.session.step == 8


def test_a_mesh_fades_behind_its_samples(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    faded = of_kind(MeshLayer, window.view.scene.layers[0])
    window.actions_by_id["ghost"].trigger()
    settle(qtbot, window)
    plain = of_kind(MeshLayer, window.view.scene.layers[0])
    background = np.array(window.view.scene.background_rgb)
    near = [np.abs(layer.colors.astype(float) - background).mean() for layer in (faded, plain)]
    assert near[0] < 0.65 * near[1]


def test_a_count_of_one_is_written_in_the_singular(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.sampling.surface.setValue(1)
    window.session.choose(m=1)
    window.session.line_up("Compare", shown=True)
    settle(qtbot, window)
    words = [w.text() for w in window.findChildren(type(window.status.points)) if hasattr(w, "text")]
    words += [window.sampling.surface.text(), window.dataset.evaluation.sizes.itemText(0)]
    assert window.sampling.surface.text() == "1 point"
    assert not [word for word in words if "1 points" in word.split(", ")[-1].replace("\u202f", "x")]


@pytest.mark.parametrize("name", ["short", "a_very_long_name_" * 12])
def test_the_title_always_names_the_program(open_window: OpenWindow, tmp_path: Path, name: str) -> None:
    window = open_window()
    window.session.saved_as(tmp_path / f"{name}.apsnet")
    assert window.windowTitle().endswith(" – APSNet Studio") and len(window.windowTitle()) < 80
    window.session.saved_as(None)


def test_the_message_after_saving_names_the_folder(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    file = tmp_path / "mine.apsnet"
    window.session.saved_as(file)
    window.actions_by_id["save"].trigger()
    settle(qtbot, window)
    assert ("info", f"Saved {file}") in window.toasts.messages


def test_the_window_is_highlighted_while_a_file_is_dragged_over_it(open_window: OpenWindow) -> None:
    window = open_window()
    data, copy = QMimeData(), Qt.DropAction.CopyAction
    data.setUrls([QUrl.fromLocalFile(CHAIR)])
    before = pixels(window.central.grab().toImage())
    window.dragEnterEvent(
        QDragEnterEvent(QPoint(9, 9), copy, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    lit = pixels(window.central.grab().toImage())
    window.dragLeaveEvent(QDragLeaveEvent())
    after = pixels(window.central.grab().toImage())
    assert (before != lit).any() and (before == after).all()


def test_the_progress_line_never_exceeds_the_last_epoch(tmp_path: Path) -> None:
    config = {"optimisation": {"epochs": 1}}
    state = RunState(tmp_path, "running", config=config, step=13, steps=13)
    assert "epoch 1 of 1" in progress_line(state)


def test_a_running_job_is_named_once(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_bar, "QUIET_SECONDS", 0.0)
    window, go = open_window(), threading.Event()

    def work(progress: JobProgress) -> None:
        progress.report(None, "torch")
        go.wait(60)

    job = window.background.start("Loading torch", work)
    qtbot.waitUntil(lambda: window.status.task.text() == "Loading torch", timeout=TIMEOUT)
    with qtbot.waitSignal(job.ended):
        go.set()

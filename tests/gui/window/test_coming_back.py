"""State is restored from a saved project, from the autosave after a crash, and after a killed renderer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_gui.jobs import autosave as autosaving
from apsnet_gui.jobs.autosave import Autosave, left_behind
from apsnet_gui.jobs.background import Background
from apsnet_gui.state import project_file as project
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.window.commands import files
from apsnet_gui.window.unsaved import Unsaved
from apsnet_gui.window.window import Window
from tests.gui.methods import spec
from tests.gui.pictures import pixels
from tests.narrow import present

from .conftest import CHAIR, TIMEOUT, OpenWindow, seen_in, settle


def test_a_project_saved_and_opened_again_looks_the_same(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR, str(asset("shapes", "horse.obj")))
    window.session.choose(spec=spec("voxel"), m=21, seed=4)
    window.session.edit(present(window.session.document.current), "Colour", colour="#00ff00")
    settle(qtbot, window)
    window.view.look_from("left")
    settle(qtbot, window)
    saved, camera = window.session.document, window.view.camera
    picture = pixels(window.view.grab().toImage())
    project.save(window.session, tmp_path / "p.apsnet")
    assert len((tmp_path / "p.apsnet").read_text()) < 5000
    again = open_window(str(tmp_path / "p.apsnet"))
    assert again.session.document == saved
    np.testing.assert_allclose(again.view.camera.orientation, camera.orientation, atol=1e-12)
    np.testing.assert_allclose(again.view.camera.eye, camera.eye)
    assert not again.session.modified
    assert np.abs(pixels(again.view.grab().toImage()).astype(int) - picture).mean() < 1.0


def test_after_a_crash_the_autosave_is_offered_and_restores(
    qtbot: QtBot, open_window: OpenWindow, home: Path
) -> None:
    window = open_window(CHAIR)
    window.session.choose(m=13)
    settle(qtbot, window)
    window.autosave.write()
    settle(qtbot, window)
    # Name the file after a process that has ended.
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = window.autosave.file.rename(home / f"autosave-{dead.pid}.apsnet")
    assert left_behind(home) == [left]
    pid, named = window.autosave.file.stem.split("-")[1:]
    assert pid == str(os.getpid())
    assert int(psutil.Process().create_time()) <= int(named) <= time.time() + 1
    again, other = open_window(), open_window()
    for each in (again, other):
        each.restoring.offer()
    word, restore = present(again.messages.all[-1].remedy)
    assert word == "Restore"
    restore()
    settle(qtbot, again)
    present(other.messages.all[-1].remedy)[1]()
    assert other.messages.all[-1].text == "Another window has restored what was open."
    assert again.session.document.choice.m == 13
    assert [entry.name for entry in again.session.document.entries] == ["chair"]
    assert again.session.modified
    assert not left.exists()
    assert '"chair"' in again.autosave.file.read_text(), "a second crash must not lose it"


def test_all_autosaves_left_by_crashes_are_offered_and_restored_one_after_another(
    qtbot: QtBot, open_window: OpenWindow, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(CHAIR)
    for k, m in enumerate((13, 17, 19)):
        window.session.choose(m=m)
        left = home / f"autosave-1-{k + 1}.apsnet"
        project.save(window.session, left)
        os.utime(left, (k + 1, k + 1))
    (home / "autosave-1-4.apsnet").write_text("{")
    os.utime(home / "autosave-1-4.apsnet", (0, 0))
    monkeypatch.setattr(files, "ask_about_unsaved", lambda *_: Unsaved.DISCARD)
    again = open_window()
    again.restoring.offer()
    for at, m, word in ((1, 17, "Restore…"), (0, 19, "Restore…"), (0, 13, "Restore…")):
        said, restore = again.messages.all[-1].text, present(again.messages.all[-1].remedy)
        assert restore[0] == word and ("4 times" in said or "other windows" in said)
        restore[1]()
        settle(qtbot, again)  # the files are read in the background
        dialog = present(again.restoring.dialog)
        rows = [dialog.list.item(i).text() for i in range(dialog.list.count())]
        assert [row.endswith("chair") for row in rows] == [True] * (len(rows) - 1) + [False]
        assert rows[-1].endswith("cannot be read")
        dialog.list.setCurrentRow(at)
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
        settle(qtbot, again)
        assert again.session.document.choice.m == m and again.session.modified
    assert again.messages.all[-1].text.startswith("What another window had open was saved too")
    assert present(again.messages.all[-1].remedy)[0] == "Restore"
    assert f'"m": {m}' in again.autosave.file.read_text(), "a second crash must not lose it"
    assert [left.name for left in left_behind(home)] == ["autosave-1-4.apsnet"]


def test_the_session_is_autosaved_while_the_window_still_loads(qtbot: QtBot, home: Path) -> None:
    session, background = Session(), Background()
    background.hold()
    autosave = Autosave(session, background, home)
    session.choose(m=13)
    autosave.write()
    qtbot.waitUntil(autosave.file.exists, timeout=TIMEOUT)
    background.close()


def test_a_slow_autosave_of_the_previous_document_does_not_replace_the_restored_one(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, background, disk = Session(), Background(), Event()
    autosave = Autosave(session, background, home)
    session.choose(m=13)
    left = home / "autosave-1-1.apsnet"
    project.save(session, left)
    session.choose(m=17)

    def write(file: Path, text: str) -> None:
        disk.wait()
        file.write_text(text)

    monkeypatch.setattr(autosaving, "write_text", write)
    autosave.write()
    autosave.take_over(left)
    disk.set()
    qtbot.waitUntil(lambda: not background.jobs, timeout=TIMEOUT)
    assert list(home.glob("autosave-*")) == [autosave.file] and '"m": 13' in autosave.file.read_text()
    background.close()


def test_an_autosave_whose_process_id_was_reused_counts_as_left_behind(home: Path) -> None:
    """After a restart of the machine or container, even the current process may have the old id."""
    born = int(psutil.Process().create_time())
    pid = os.getpid()
    names = {f"{pid}-{born}": False, f"{pid}-{born + 3600}": False, f"{pid}-{born - 3600}": True,
             f"{pid}": False, "mine": False, "1-1-1": False}  # fmt: skip
    unburied = subprocess.Popen([sys.executable, "-c", ""])
    while psutil.Process(unburied.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    names[f"{unburied.pid}-{int(time.time())}"] = True
    for name in names:
        (home / f"autosave-{name}.apsnet").touch()
    assert {file.stem.removeprefix("autosave-") for file in left_behind(home)} == {
        name for name, left in names.items() if left
    }
    unburied.wait()


def test_a_window_emits_seen_once(qtbot: QtBot, theme: Theme, renderer: RenderClient, home: Path) -> None:
    window, seen = Window(Settings(home), theme, renderer), []
    window.seen.connect(lambda: seen.append(window.isVisible()))  # autosaves left by a crash are offered then
    window.show()
    settle(qtbot, window)
    assert seen == [True]
    window.close()


def test_a_clean_exit_leaves_no_autosave(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.autosave.write()
    settle(qtbot, window)
    assert window.autosave.file.exists()
    window.close()
    assert not window.autosave.file.exists()


def test_a_killed_renderer_comes_back_with_scene_and_camera(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.view.look_from("front")
    settle(qtbot, window)
    camera = window.view.camera
    with qtbot.waitSignal(window.client.restarted):
        os.kill(present(window.client.process_id), signal.SIGKILL)
    settle(qtbot, window)
    assert window.view.camera == camera
    assert seen_in(window) > 0.6
    assert any("renderer" in text for level, text in window.toasts.messages if level == "warning")


def test_a_shape_restored_by_undo_is_sampled_again(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    session = window.session
    found = session.result
    assert found is not None
    for back in (session.undo, session.redo):
        session.remove(session.document.current or "") if back == session.undo else session.undo()
        assert session.result is None
        back()
        qtbot.waitUntil(lambda: session.result is not None, timeout=TIMEOUT)
        assert session.result is not None
        np.testing.assert_array_equal(session.result.sampling.points, found.sampling.points)


def test_the_next_window_deletes_the_pictures_of_a_killed_window(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    """The renderer is killed too, so that neither process can delete the folder."""
    script = (
        "from PySide6.QtCore import QCoreApplication; "
        "from apsnet_gui.viewport.client import RenderClient; "
        "app = QCoreApplication([]); client = RenderClient(); "
        "print(client.process_id, client.folder, flush=True); app.exec()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as killed:
        number, folder = present(killed.stdout).readline().split()
        os.kill(int(number), signal.SIGKILL)
        killed.kill()
    window = open_window()
    qtbot.waitUntil(lambda: not Path(folder).exists(), timeout=TIMEOUT)
    assert window.client.folder.is_dir()

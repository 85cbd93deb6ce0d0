"""What comes back as it was: a saved project, an autosave after a crash, a killed renderer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_gui.jobs.autosave import left_behind
from apsnet_gui.state import project_file as project
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
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
    # The file of a process that is no more.
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = window.autosave.file.rename(home / f"autosave-{dead.pid}.apsnet")
    assert left_behind(home) == [left]
    pid, named = window.autosave.file.stem.split("-")[1:]
    assert pid == str(os.getpid())
    assert int(psutil.Process().create_time()) <= int(named) <= time.time() + 1
    again, other = open_window(), open_window()
    for each in (again, other):
        each.offer_restore()
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
    assert '"chair"' in again.autosave.file.read_text(), "a second crash would lose it"


def test_an_autosave_of_a_program_whose_number_another_has_now_is_left_behind(home: Path) -> None:
    """As after a restart of the machine, or of a container, where this one may have the number itself."""
    born = int(psutil.Process().create_time())
    pid = os.getpid()
    names = {f"{pid}-{born}": False, f"{pid}-{born + 3600}": False, f"{pid}-{born - 3600}": True,
             f"{pid}": False, "mine": False, "1-1-1": False}  # fmt: skip
    for name in names:
        (home / f"autosave-{name}.apsnet").touch()
    assert {file.stem.removeprefix("autosave-") for file in left_behind(home)} == {
        name for name, left in names.items() if left
    }


def test_a_window_is_seen_once(qtbot: QtBot, theme: Theme, renderer: RenderClient, home: Path) -> None:
    window, seen = Window(Settings(home), theme, renderer), []
    window.seen.connect(lambda: seen.append(window.isVisible()))  # what a crash left is offered then
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


def test_a_shape_that_comes_back_is_sampled_again(qtbot: QtBot, open_window: OpenWindow) -> None:
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


def test_pictures_of_a_killed_window_are_swept_by_the_next(qtbot: QtBot, open_window: OpenWindow) -> None:
    """The renderer was killed too, so that nobody could tidy up."""
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

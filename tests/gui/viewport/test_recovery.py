"""A killed, broken, missing or orphaned renderer: the window keeps working and names the problem."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core import messages, system_libraries
from apsnet_gui.viewport.camera import orbit
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.last_words import why_it_ended
from apsnet_gui.viewport.render_view import RenderedFrame
from apsnet_gui.viewport.scene import DepthCue, PointLayer, Scene
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.pictures import pixels
from tests.gui.viewport.conftest import OpenView, picture
from tests.narrow import present

StartRenderer = Callable[[], RenderClient]
StartWith = Callable[[str], tuple[RenderClient, str]]
CLOUD = PointLayer("p", np.eye(3, dtype=np.float32), np.full((3, 3), (0, 255, 0), np.uint8))


@pytest.fixture
def start_renderer(qtbot: QtBot) -> Iterator[StartRenderer]:
    """A function that starts a renderer that a test may kill, in the environment that the test has set."""
    clients: list[RenderClient] = []

    def start() -> RenderClient:
        clients.append(RenderClient())
        return clients[-1]

    yield start
    for client in clients:
        client.shutdown()


def test_a_killed_renderer_comes_back_with_scene_and_camera(
    qtbot: QtBot, open_view: OpenView, start_renderer: StartRenderer
) -> None:
    client = start_renderer()
    views = [open_view(Scene((CLOUD,), point_size=7), client=client) for _ in range(2)]
    for view in views:
        picture(qtbot, view)
        view.camera = orbit(view.camera, 0.5, 0.1, "z")
    before = [picture(qtbot, view) for view in views]
    frames: list[RenderedFrame] = []
    views[0].frame_drawn.connect(lambda _: frames.append(present(views[0].frame)))
    with qtbot.waitSignal(client.restarted) as said:
        assert client.process_id is not None
        os.kill(client.process_id, signal.SIGKILL)
    assert said.args == ["The 3D renderer stopped and was started again; scene and camera are kept."]
    qtbot.waitUntil(lambda: bool(frames))
    np.testing.assert_array_equal(pixels(frames[0].image), before[0])
    for view, old in zip(views, before, strict=True):
        np.testing.assert_array_equal(picture(qtbot, view), old)


def test_a_renderer_killed_in_mid_frame_loses_nothing(
    qtbot: QtBot, open_view: OpenView, start_renderer: StartRenderer
) -> None:
    client = start_renderer()
    xyz = np.random.default_rng(0).normal(size=(400_000, 3)).astype(np.float32)
    view = open_view(Scene((PointLayer("p", xyz, np.full(xyz.shape, 99, np.uint8)),)), client=client)
    picture(qtbot, view)
    view.move_camera(orbit(view.camera, 0.5, 0, "z"))
    assert client.process_id is not None
    os.kill(client.process_id, signal.SIGKILL)
    view.move_camera(orbit(view.camera, 0.5, 0, "z"))
    wanted = view.camera
    image = picture(qtbot, view)
    assert view.frame is not None and view.frame.camera == wanted
    assert (image == 99).any()


def test_snapshots_of_a_dead_renderer_fail_instead_of_waiting_forever(
    qtbot: QtBot, open_view: OpenView, start_renderer: StartRenderer
) -> None:
    client = start_renderer()
    view = open_view(Scene((CLOUD,)), client=client)
    picture(qtbot, view)
    assert client.process_id is not None
    process = psutil.Process(client.process_id)
    process.suspend()
    future = view.snapshot()
    process.kill()
    qtbot.waitUntil(future.done)
    with pytest.raises(RuntimeError, match="stopped while it drew"):
        future.result()


def test_frames_are_never_older_than_one_already_shown(
    qtbot: QtBot, open_view: OpenView, renderer: RenderClient
) -> None:
    """Cameras and scenes change faster than they are drawn; frames come in order and end with the last."""
    view = open_view(Scene((CLOUD,)))
    picture(qtbot, view)
    frames: list[RenderedFrame] = []
    view.frame_drawn.connect(lambda _: frames.append(present(view.frame)))
    cameras, scenes = [view.camera], [view.scene]
    for step in range(60):
        cameras.append(orbit(cameras[-1], 0.05, 0, "z"))
        view.move_camera(cameras[-1])
        if step % 10 == 0:
            scenes.append(Scene((CLOUD,), point_size=4 + step / 10))
            view.set_scene(scenes[-1])
        qtbot.wait(2)
    picture(qtbot, view)
    order = [cameras.index(frame.camera) for frame in frames]
    assert order == sorted(order)
    assert order[-1] == 60
    assert len(order) < 60 + 8, "outdated cameras were drawn"
    ages = [next(i for i, scene in enumerate(scenes) if scene is frame.scene) for frame in frames]
    assert ages == sorted(ages)
    assert ages[-1] == len(scenes) - 1


def test_without_opengl_the_view_says_so_and_the_program_keeps_running(
    qtbot: QtBot,
    open_view: OpenView,
    start_renderer: StartRenderer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """No EGL vendor can be loaded, and there is no display: as on a machine without any graphics driver."""
    broken = tmp_path / "vendor.json"
    broken.write_text('{"file_format_version": "1.0.0", "ICD": {"library_path": "libEGL_none.so.0"}}')
    monkeypatch.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", str(broken))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    client = start_renderer()
    view = open_view(Scene((CLOUD,)), client=client)
    blank = pixels(view.grab().toImage())
    with qtbot.waitSignal(client.unavailable) as said:
        pass
    assert said.args is not None
    assert "3D views are not available here" in said.args[0]
    assert "OpenGL" in said.args[0]
    assert client.why_unavailable == said.args[0]
    assert view.is_settled, "code that waits for the picture must not wait forever"
    written = pixels(view.grab().toImage())
    assert (written[60:180] != blank[60:180]).any()
    view.move_camera(orbit(view.camera, 0.5, 0, "z"))
    with pytest.raises(RuntimeError, match="not running"):
        view.snapshot().result()
    late = open_view(Scene((CLOUD,)), client=client)
    assert late.is_settled


@pytest.fixture
def start_with(
    qtbot: QtBot, start_renderer: StartRenderer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> StartWith:
    """A function that starts a renderer with a program as its Open3D; returns it and its final message."""

    def start(program: str) -> tuple[RenderClient, str]:
        (tmp_path / "open3d.py").write_text(program)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
        client = start_renderer()
        with qtbot.waitSignal(client.unavailable) as said:
            pass
        return client, present(said.args)[0]

    return start


def test_without_open3d_the_view_says_so(start_with: StartWith) -> None:
    _, said = start_with("raise ImportError('no module of that name')")
    assert "no module of that name" in said


def test_a_missing_system_library_is_named_with_its_remedy(start_with: StartWith) -> None:
    _, said = start_with("raise ImportError('libusb-1.0.so.0: cannot open shared object file')")
    usb = next(need for need in system_libraries.SHARED_LIBRARIES if need.name == "libusb-1.0.so.0")
    assert f"libusb-1.0.so.0 is missing on this system, and comes by {system_libraries.remedy([usb])}" in said


ELSEWHERE = """
import importlib, os, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]
del sys.modules["open3d"]
importlib.invalidate_caches()
import open3d
sys.platform = "win32"
"""
"""The real Open3D, on a simulated system where it draws but does not provide depth."""


def test_without_readable_depth_shading_is_off_and_one_message_says_so(
    qtbot: QtBot,
    open_view: OpenView,
    start_renderer: StartRenderer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "open3d.py").write_text(ELSEWHERE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    client, said = start_renderer(), list[str]()
    client.flat.connect(said.append)
    steps = np.linspace(-1, 1, 200)
    x, y = (each.ravel() for each in np.meshgrid(steps, steps))
    stairs = np.stack([x, y, np.where(x > 0, 0.5, -0.5)], axis=1).astype(np.float32)
    cloud = PointLayer("p", stairs, np.full(stairs.shape, 180, np.uint8))
    flat, deep = Scene((cloud,)), Scene((cloud,), depth=DepthCue(edges=1.0, fade=1.0))
    views = [open_view(scene, client=client) for scene in (flat, deep)]
    plain, lit = (picture(qtbot, view) for view in views)
    assert (plain == 180).all(axis=2).mean() > 0.2, "the frame is shown"
    np.testing.assert_array_equal(plain, lit, "without depth there is no shading")
    with qtbot.waitSignal(client.restarted):
        os.kill(present(client.process_id), signal.SIGKILL)
    np.testing.assert_array_equal(picture(qtbot, views[1]), plain)
    assert len(said) == 1 and "do not provide depth" in said[0]


def test_a_renderer_that_dies_three_times_in_a_row_is_given_up(
    qtbot: QtBot,
    open_view: OpenView,
    start_with: StartWith,
    tmp_path: Path,
) -> None:
    client, said = start_with(
        "import os, sys; sys.stderr.write('no luck\\n'); sys.stderr.flush(); os._exit(9)"
    )
    assert said.endswith("3 times in a row; it ended with status 9 and said: no luck.")
    (tmp_path / "open3d.py").unlink()  # the driver is repaired
    client.draw_again()
    view = open_view(Scene((CLOUD,), point_size=7), client=client)
    assert (picture(qtbot, view) == (0, 255, 0)).all(axis=2).any()


def test_a_view_without_a_renderer_offers_to_draw_again(
    qtbot: QtBot, open_view: OpenView, start_renderer: StartRenderer
) -> None:
    client = start_renderer()
    view = open_view(Scene((CLOUD,), point_size=7), client=client)
    before = picture(qtbot, view)
    with qtbot.waitSignal(client.unavailable) as said:
        client.restarted.connect(lambda _: os.kill(client.process_id or 0, signal.SIGSEGV))
        os.kill(client.process_id or 0, signal.SIGSEGV)
    assert said.args is not None
    assert said.args[0].endswith("3 times in a row; it crashed (invalid memory).")
    client.restarted.disconnect()
    assert view.again.isVisible() and view.rect().contains(view.again.geometry())
    qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)
    assert not view.again.isVisible() and client.why_unavailable is None
    np.testing.assert_array_equal(picture(qtbot, view), before)


@pytest.mark.parametrize(
    ("status", "lines", "why"),
    [
        (-9, ["x"], "it was killed; the system does so when memory runs out"),
        (-signal.SIGSEGV, [], "it crashed (invalid memory)"),
        (-signal.SIGUSR1, [], "it was ended by SIGUSR1"),
        (1, ["Traceback", "  File", "MemoryError", "Warning: x"], "it failed: MemoryError"),
        (1, ["\x1b[1;31mvalueError\x1b[0m", "a.b.SomeError: no room."], "it failed: no room"),
        (3, ["\x1b[1;33m[Open3D WARNING] slow\x1b[0;m"], "it ended with status 3"),
        (0, ["[Open3D WARNING] slow"], "it ended by itself"),
    ],
)
def test_the_reason_why_the_renderer_ended_is_one_sentence(status: int, lines: list[str], why: str) -> None:
    assert why_it_ended(status, lines) == why


def test_the_renderer_ends_and_deletes_its_pictures_when_its_window_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from PySide6.QtCore import QCoreApplication; "
        "from apsnet_gui.viewport.client import RenderClient; "
        "app = QCoreApplication([]); client = RenderClient(); "
        "client.ready.connect(lambda: print(client.process_id, client.folder, flush=True)); app.exec()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        number, folder = window.stdout.readline().split()
        child = psutil.Process(int(number))
        window.kill()
        child.wait(timeout=60)
        deadline = time.monotonic() + 60
        while Path(folder).exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not Path(folder).exists(), "its pictures are left behind"


def test_a_window_that_reads_late_misses_no_picture(
    qtbot: QtBot, open_view: OpenView, start_renderer: StartRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The renderer is far ahead: it has drawn larger pictures and closed views before one is read."""
    receive = messages.receive

    def late(stream: BinaryIO) -> Any:
        header = receive(stream)
        time.sleep(0.1)
        return header

    client = start_renderer()
    deaths: list[str] = []
    client.restarted.connect(deaths.append)
    qtbot.waitUntil(lambda: client.is_ready)
    monkeypatch.setattr(messages, "receive", late)
    view = open_view(Scene((CLOUD,), point_size=7), client=client)
    expected = picture(qtbot, view)
    for number in range(4):
        closed = ViewWidget(client)
        closed.resize(320, 240)
        closed.set_scene(Scene((CLOUD,)))
        closed.show()
        view.move_camera(orbit(view.camera, 2 * np.pi, 0, "z"))
        file = view.snapshot()
        view.resize(320 + 40 * number, 240)
        qtbot.wait(10)  # long enough to request its picture, too short to receive it
        closed.close()
        closed.deleteLater()
        qtbot.waitUntil(file.done)
        assert not file.result().isNull()
    view.resize(320, 240)
    other = np.abs(picture(qtbot, view).astype(int) - expected).max(axis=2) > 1
    assert other.mean() < 1e-3  # a point on the border of two pixels may be drawn in either
    assert not deaths

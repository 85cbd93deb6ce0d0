"""The whole window on the real renderer: open, sample, look, undo, save, come back."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.cloud import TriangleMesh
from apsnet_core.evaluation.comparison import comparison as compare
from apsnet_core.files import read
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import method_colour
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.ops.surface import sample_surface
from apsnet_core.weights import Metadata, save, user_weights
from apsnet_gui.jobs.autosave import left_behind
from apsnet_gui.jobs.background import Job
from apsnet_gui.jobs.export import write_result
from apsnet_gui.state import project_file as project
from apsnet_gui.viewport.camera import project as to_pixels
from apsnet_gui.viewport.scene import SphereLayer
from apsnet_gui.window.thumbnails import bundled
from apsnet_gui.window.window import Window
from tests.gui.methods import spec
from tests.narrow import of_kind, present

from .conftest import CHAIR, TIMEOUT, OpenWindow, settle


def pixels(image: QImage) -> np.ndarray:
    """(h, w, 3) uint8."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def hue(colour: np.ndarray) -> np.ndarray:
    """The direction of a colour, whatever its brightness: shading changes only that."""
    centred = colour.astype(float)
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1.0))


def samples_seen(window: Window) -> float:
    """The fraction of the samples at whose place the view has the method's colour."""
    view, result = window.view, window.session.result
    assert result is not None
    image = pixels(view.grab().toImage())
    size = (view.width(), view.height())
    places, _ = to_pixels(view.camera, result.sampling.points.astype(np.float64), size)
    wanted = hue(np.array([int(method_colour(result.choice.method)[i : i + 2], 16) for i in (1, 3, 5)]))
    scale = image.shape[1] / size[0]
    seen = 0
    for x, y in (places * scale).round().astype(int):
        patch = image[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3]
        seen += bool((hue(patch) @ wanted > 0.97).any())
    return seen / len(places)


def test_every_bundled_shape_opens_is_sampled_and_seen(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    for path in bundled():
        window.opening.open_paths([str(path)])
        settle(qtbot, window)
        result = window.session.result
        assert result is not None
        # The reference: the same sampling made by the core alone.
        mesh = of_kind(TriangleMesh, read(path))
        expected = create(MethodSpec("farthest_point")).sample(sample_surface(mesh, 2048, 0), 32, 0)
        np.testing.assert_array_equal(result.sampling.points, expected.points, err_msg=path.name)
        assert samples_seen(window) > 0.6, path.name
    assert [entry.name for entry in window.session.document.entries] == [path.stem for path in bundled()]
    assert not [text for level, text in window.toasts.messages if level == "error"]


@pytest.mark.parametrize("method", ["random", "farthest_point", "voxel"])
def test_each_method_shows_its_samples_in_its_colour(
    qtbot: QtBot, open_window: OpenWindow, method: str
) -> None:
    window = open_window(CHAIR)
    window.sampling.method.setCurrentIndex(window.sampling.method.findData(method))
    window.sampling.method.activated.emit(window.sampling.method.currentIndex())
    settle(qtbot, window)
    assert window.session.result is not None
    assert window.session.result.sampling.method == method
    assert samples_seen(window) > 0.6


@pytest.fixture
def untrained(home: Path) -> None:
    """An APSNet of random weights among the user's own: enough to have attention."""
    torch.manual_seed(0)
    metadata = Metadata(
        architecture="apsnet", method="apsnet", task="classification", sizes=[8, 16], points=1024,
        normalisation="unit_sphere", up="z", data="none",
    )  # fmt: skip
    user_weights().mkdir(parents=True)
    save(user_weights() / "untrained.safetensors", APSNet().state_dict(), metadata)


def test_scrubbing_shows_the_attention_of_the_step(
    qtbot: QtBot, open_window: OpenWindow, untrained: None
) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("apsnet@untrained"), m=8)
    settle(qtbot, window)
    panel, session = window.attention, window.session
    result = session.result
    assert result is not None
    assert result.has_attention
    assert window.sampling.sizes_hint.text() == "Trained: 8, 16"
    panel.scrubber.setValue(3)
    settle(qtbot, window)
    heat = session.heat
    assert heat is not None
    assert heat.step == 3
    values = result.attention(3)
    assert values.sum() == pytest.approx(1.0, abs=1e-4)
    assert (heat.index, heat.weight) == (int(values.argmax()), float(values.max()))
    layers = window.view.scene.layers
    spheres = {layer.key: layer for layer in layers if isinstance(layer, SphereLayer)}
    assert len(spheres["samples"].centers) == 2
    np.testing.assert_allclose(spheres["now"].centers[0], result.sampling.points[2])
    panel.modes.button(1).click()
    settle(qtbot, window)
    assert session.heat is not None
    total = np.sum([result.attention(t) for t in range(1, 9)], axis=0)
    assert session.heat.weight == pytest.approx(float(total.max()), rel=1e-4)


def test_a_method_without_weights_is_a_sentence(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("apsnet@nowhere"))
    settle(qtbot, window)
    assert window.session.result is None
    [text] = {text for level, text in window.toasts.messages if level == "error"}
    assert "nowhere" in text
    assert "Traceback" not in text


def test_playing_goes_through_the_steps_and_stops(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.choose(m=6)
    settle(qtbot, window)
    seen: list[int] = []
    window.session.step_changed.connect(seen.append)
    window.attention.speed.setCurrentIndex(window.attention.speed.count() - 1)
    window.attention.play.click()
    qtbot.waitUntil(lambda: not window.attention.play.isChecked(), timeout=10_000)
    assert seen == [1, 2, 3, 4, 5, 6]


def test_undo_takes_back_what_the_panels_do(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    before = window.session.document
    window.sampling.size_box.setValue(9)
    window.sampling.seed.setValue(3)
    window.clouds.colouring.setCurrentIndex(1)
    window.clouds.colouring.activated.emit(1)
    settle(qtbot, window)
    for _ in range(3):
        window.actions_by_id["undo"].trigger()
    settle(qtbot, window)
    assert window.session.document == before
    assert window.sampling.size_box.value() == 32
    assert window.session.result is not None
    assert window.session.result.sampling.m == 32
    window.actions_by_id["redo"].trigger()
    settle(qtbot, window)
    assert window.session.result.sampling.m == 9


def test_the_slider_and_the_number_agree_and_stale_results_are_dropped(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    shown: list[int] = []
    window.session.sampled.connect(lambda result: shown.append(result.sampling.m if result else 0))
    for position in range(1000, 9001, 250):
        window.sampling.slider.setValue(position)
        qtbot.wait(5)
    settle(qtbot, window)
    assert window.session.result is not None
    last = window.session.document.choice.m
    assert window.sampling.size_box.value() == window.sampling.slider.size_value == last
    assert shown[-1] == window.session.result.sampling.m == last
    assert shown == sorted(shown)


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
    again = open_window()
    again.offer_restore(left)
    again.opening.open_project(left, autosaved=True)
    settle(qtbot, again)
    assert again.session.document.choice.m == 13
    assert [entry.name for entry in again.session.document.entries] == ["chair"]
    assert again.session.modified
    assert not left.exists()


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
    with qtbot.waitSignal(window.client.restarted, timeout=10_000):
        os.kill(present(window.client.process_id), signal.SIGKILL)
    settle(qtbot, window)
    assert window.view.camera == camera
    assert samples_seen(window) > 0.6
    assert any("renderer" in text for level, text in window.toasts.messages if level == "warning")


def test_twenty_files_dropped_of_which_five_are_broken(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    rng = np.random.default_rng(1)
    for i in range(20):
        file = tmp_path / f"{i:02}.xyz"
        if i % 4 == 3:
            file.write_bytes(b"\x00\x01 nothing here")
        else:
            np.savetxt(file, rng.random((60, 3)))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in sorted(tmp_path.glob("*.xyz"))])
    window.dropEvent(
        QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == [
        f"{i:02}" for i in range(20) if i % 4 != 3
    ]
    errors = [text for level, text in window.toasts.messages if level == "error"]
    assert [text.split(":")[0] for text in errors] == [f"{i:02}.xyz" for i in range(3, 20, 4)]
    assert window.clouds.model.rowCount() == 15


@pytest.mark.parametrize("suffix", [".ply", ".npy", ".csv", ".h5", ".las"])
def test_an_exported_sampling_is_read_back(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, suffix: str
) -> None:
    window = open_window(CHAIR)
    result = window.session.result
    assert result is not None
    path = tmp_path / f"out{suffix}"
    write_result(result, path)
    np.testing.assert_allclose(read(path).absolute, result.sampling.absolute, atol=2e-3)


def test_the_copied_command_gives_the_same_points(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("random"), m=11, seed=7, surface=1024)
    settle(qtbot, window)
    window.actions_by_id["copy-command"].trigger()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "apsnet"
    out = tmp_path / "out.npy"
    command = [sys.executable, "-m", "apsnet_core.cli", *words[1:], "-o", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert window.session.result is not None and window.session.measures is not None
    np.testing.assert_allclose(np.load(out)[:, :3], window.session.result.sampling.absolute, atol=1e-5)
    assert json.loads(done.stdout)["coverage"] == pytest.approx(window.session.measures.coverage)


def test_the_steps_are_saved_as_a_gif_of_different_pictures(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    from PIL import Image, ImageSequence

    window = open_window(CHAIR)
    window.session.choose(m=4)
    settle(qtbot, window)
    path = tmp_path / "steps.gif"
    window.pictures.save_steps(path)
    qtbot.waitUntil(lambda: path.exists() and not window.background.jobs, timeout=20_000)
    with Image.open(path) as film:
        frames = [np.asarray(each.convert("RGB"), dtype=int) for each in ImageSequence.Iterator(film)]
    assert len(frames) == 4
    assert all(np.abs(a - b).sum() > 0 for a, b in pairwise(frames))
    assert window.session.step == 4


def test_the_steps_are_saved_whatever_the_view_does(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    """A picture is asked for, the camera is turned, the cloud is closed: none of it is in the pictures."""
    window = open_window(CHAIR)
    window.session.choose(m=12)
    settle(qtbot, window)
    for name in ("quiet", "busy"):
        (tmp_path / name).mkdir()
    window.pictures.save_steps(tmp_path / "quiet" / "s.png")
    settle(qtbot, window)
    window.pictures.save_steps(tmp_path / "busy" / "s.png")
    window.pictures.save_view(tmp_path / "view.png")
    window.session.set_step(3)
    window.view.look_from("top")
    window.session.remove(window.session.document.current or "")
    settle(qtbot, window)
    quiet, busy = (sorted((tmp_path / name).iterdir()) for name in ("quiet", "busy"))
    assert [p.name for p in quiet] == [p.name for p in busy] == [f"s-{i:03}.png" for i in range(1, 13)]
    for one, other in zip(quiet, busy, strict=True):
        np.testing.assert_array_equal(pixels(QImage(str(one))), pixels(QImage(str(other))))


def has_begun(job: Job) -> bool:
    return bool(job.fraction)


def test_saving_the_steps_is_cancelled_or_fails_without_a_trace(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    window.session.choose(m=200)
    settle(qtbot, window)
    for suffix in ("png", "gif"):
        window.pictures.save_steps(tmp_path / f"s.{suffix}")
        [job] = [job for job in window.background.jobs if job.title.startswith("Writing")]
        qtbot.waitUntil(partial(has_begun, job), timeout=TIMEOUT)
        qtbot.waitUntil(window.status.stop.isVisible, timeout=TIMEOUT)
        window.status.stop.click()
        qtbot.waitUntil(lambda: not window.background.jobs, timeout=TIMEOUT)
    window.pictures.save_steps(tmp_path / "s.png")
    [job] = [job for job in window.background.jobs if job.title.startswith("Writing")]
    qtbot.waitUntil(partial(has_begun, job), timeout=TIMEOUT)
    os.kill(window.client.process_id or 0, signal.SIGKILL)
    settle(qtbot, window)
    assert [text for level, text in window.toasts.messages if level == "error"] == [
        "s.png was not written: the 3D renderer stopped while it drew the picture"
    ]
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_samples_are_seen_before_they_are_measured(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large scan the measures take longer than the samples; here they wait for the test."""
    window = open_window(CHAIR)
    session, measures, waits = window.session, window.session.measures, Event()
    distances = compare.distances
    monkeypatch.setattr(compare, "distances", lambda *clouds: (waits.wait(60), distances(*clouds))[1])
    session.choose(m=77)
    qtbot.waitUntil(lambda: session.result is not None and session.result.sampling.m == 77, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.central.is_settled, timeout=TIMEOUT)
    [samples] = [layer for layer in window.view.scene.layers if layer.key == "samples"]
    assert len(of_kind(SphereLayer, samples).centers) == 77
    assert session.busy
    assert session.measures is None
    assert not window.sampling.result.chamfer.isEnabled()
    waits.set()
    settle(qtbot, window)
    assert session.measures is not None and session.measures != measures
    assert window.sampling.result.chamfer.isEnabled()
    assert window.sampling.result.chamfer.text().startswith(f"{session.measures.chamfer:.4g}")


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

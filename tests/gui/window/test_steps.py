"""APSNet step by step: scrubbing, playing, and the pictures of the steps in files."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from apsnet_core.methods.creating import create
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.weights import Metadata, save, user_weights
from apsnet_gui.jobs.background import Job
from apsnet_gui.viewport.scene import SphereLayer
from tests.gui.methods import spec
from tests.gui.pictures import pixels
from tests.narrow import present

from .conftest import CHAIR, TIMEOUT, OpenWindow, settle


@pytest.fixture
def untrained(home: Path) -> None:
    """An APSNet with random weights among the user's own weights: attention needs no training."""
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
    # If a point is chosen twice, the matched samples are not in the order of the steps.
    cloud = result.cloud.take(np.arange(0, len(result.cloud), 4))
    sampling = create(spec("apsnet:m")).sample(cloud, 64)
    matched, steps = replace(result, cloud=cloud, sampling=sampling), present(sampling.steps)
    assert steps.tolist() != list(range(64))
    for t, step in enumerate(steps.tolist(), 1):
        expected = present(sampling.rollout).attention(step + 1)[0].numpy()
        np.testing.assert_allclose(matched.attention(t), expected, atol=1e-6)


def test_playing_goes_through_the_steps_and_stops(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.choose(m=6)
    settle(qtbot, window)
    seen: list[int] = []
    window.session.step_changed.connect(seen.append)
    window.attention.speed.setCurrentIndex(window.attention.speed.count() - 1)
    window.attention.play.click()
    qtbot.waitUntil(lambda: not window.attention.play.isChecked())
    assert seen == [1, 2, 3, 4, 5, 6]


def test_the_steps_are_saved_as_a_gif_of_different_pictures(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    from PIL import Image, ImageSequence

    window = open_window(CHAIR)
    window.session.choose(m=4)
    settle(qtbot, window)
    path = tmp_path / "steps.gif"
    window.pictures.save_steps(path)
    qtbot.waitUntil(lambda: path.exists() and not window.background.jobs)
    with Image.open(path) as film:
        frames = [np.asarray(each.convert("RGB"), dtype=int) for each in ImageSequence.Iterator(film)]
    assert len(frames) == 4
    assert all(np.abs(a - b).sum() > 0 for a, b in pairwise(frames))
    assert window.session.step == 4


def test_actions_during_a_save_do_not_change_the_saved_steps(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another picture, a turn of the camera and closing the cloud do not change the saved pictures."""
    window = open_window(CHAIR)
    window.session.choose(m=12)
    settle(qtbot, window)
    for name in ("quiet", "busy"):
        (tmp_path / name).mkdir()
    window.pictures.save_steps(tmp_path / "quiet" / "s.png")
    settle(qtbot, window)
    assert window.toasts.messages[-1] == ("info", f"Wrote {tmp_path / 'quiet' / 's-001.png'} to s-012.png")
    named, asked = iter((str(tmp_path / "quiet" / "s.png"), "")), list[str]()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(named), "Pictures (*.png)"))
    monkeypatch.setattr(QMessageBox, "warning", lambda *given: asked.append(given[2]) or given[4])
    window.actions_by_id["attention-save"].trigger()
    assert asked == ["s-001.png and 11 more of these files are there already. Replace them?"]
    assert not window.background.jobs
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


def test_a_cancelled_or_failed_save_of_the_steps_leaves_no_file(
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
    file = tmp_path / "file"
    file.touch()
    for path, why in (
        (file / "s.gif", f"{file}: it is a file, and a folder of that name is needed; name another"),
        (tmp_path / "s.txt", "no picture's name ends in .txt; .png and .jpg are accepted"),
    ):
        with qtbot.waitSignal(window.session.told, timeout=TIMEOUT) as told:  # before all are drawn
            window.pictures.save_steps(path)
        assert present(told.args)[1] == f"{path.name} was not written: {why}"
        window.messages.all.clear()
    window.pictures.save_steps(tmp_path / "s.png")
    [job] = [job for job in window.background.jobs if job.title.startswith("Writing")]
    qtbot.waitUntil(partial(has_begun, job), timeout=TIMEOUT)
    os.kill(window.client.process_id or 0, signal.SIGKILL)
    settle(qtbot, window)
    assert [text for level, text in window.toasts.messages if level == "error"] == [
        "s.png was not written: the 3D renderer stopped while it drew the picture"
    ]
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [file]

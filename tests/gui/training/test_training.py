"""Real trainings in real windows: started, watched, stopped, resumed, killed, and used."""

from __future__ import annotations

import os
import signal
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import Up
from apsnet_core.training.config import make_config
from apsnet_core.training.run_state import RunState
from apsnet_core.training.runs import Run
from apsnet_core.weights import load_metadata, user_weights
from apsnet_gui.training import estimate as training_estimate
from apsnet_gui.training.closing import GO_ON
from apsnet_gui.training.curves import TrainingCurves
from apsnet_gui.window.window import Window
from tests.gui.methods import spec
from tests.gui.window.conftest import CHAIR, TIMEOUT, OpenWindow, settle
from tests.narrow import present

from .conftest import TINY, run, start, wait_for


def answer(window: QWidget, name: str, note: str) -> None:
    """Fill in the dialog that asks for the name of weights, and press Save."""
    dialog = window.findChild(QDialog, "keepWeights")
    assert isinstance(dialog, QDialog)
    for line, text in zip(dialog.findChildren(QLineEdit), (name, note), strict=True):
        line.setText(text)
    dialog.accept()


def test_a_training_is_stopped_resumed_and_finished_and_its_weights_are_used(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    window = open_window(CHAIR)
    dataset, panel = window.training, window.training.panel
    assert panel.pages.currentIndex() == 0 and panel.first.isEnabled()
    start(window, optimisation={"epochs": 4, "batch_size": 64})
    wait_for(qtbot, window, "running")
    qtbot.waitUntil(lambda: panel.current is not None and panel.run.use.isEnabled(), timeout=TIMEOUT)
    assert panel.run.use.text() == "Watch it sample"
    qtbot.mouseClick(panel.run.use, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.run.stop, Qt.MouseButton.LeftButton)
    stopped = wait_for(qtbot, window, "stopped")
    assert 0 < stopped.step < stopped.steps
    settle(qtbot, window)
    assert window.session.document.choice.spec.weights == "tiny/latest"
    samples_of(window, runs / "tiny" / "latest.safetensors")
    qtbot.mouseClick(panel.run.resume, Qt.MouseButton.LeftButton)
    done = wait_for(qtbot, window, "finished")

    # The oracle: the events that the core has recorded.
    events = Run(runs / "tiny").events()
    starts = [event["step"] for event in events if event["event"] == "start"]
    assert starts == [0, stopped.step]
    epochs = [event for event in events if event["event"] == "epoch"]
    np.testing.assert_array_equal(
        done.curves["epoch/loss"].values, [event["metrics"]["loss"] for event in epochs]
    )
    np.testing.assert_array_equal(done.curves["epoch/loss"].epochs, [1, 2, 3, 4])
    best = min(event["metrics"]["score"] for event in events if event["event"] == "validation")
    assert done.score == best and "finished" in panel.run.line.text()
    assert ("info", f"tiny has finished training, best score {best:.4g}") in window.toasts.messages
    loss = present(panel.findChild(TrainingCurves)).plots["Loss"].getPlotItem()
    assert len(loss.listDataItems()) == 5  # the loss; task and sampling of two sizes
    panel.run.tabs.parts.click()
    drawn = {tuple(item.getOriginalDataset()[1]) for item in loss.listDataItems()}
    parts = [f"{part}@{m}" for part in ("average", "maximal", "covering") for m in (4, 8)]
    assert drawn == {tuple(event["metrics"][part] for event in epochs) for part in parts}

    panel.run.tabs.setCurrentWidget(panel.run.tabs.snapshots)
    pictures = []
    for epoch in range(4):
        panel.run.tabs.snapshots.slider.setValue(epoch)
        assert panel.run.tabs.snapshots.epoch.text() == f"epoch {epoch + 1}"
        pictures.append(panel.run.tabs.snapshots.picture.grab().toImage())
    assert pictures[0] != pictures[3]

    settle(qtbot, window)
    choice = window.session.document.choice
    assert (choice.method, choice.task, choice.spec.weights) == ("apsnet", "reconstruction", "tiny")
    assert not (runs / "tiny" / "latest.safetensors").exists() and panel.run.use.text() == "Use its weights"
    window.session.choose(spec=spec("apsnet"))
    qtbot.mouseClick(panel.run.use, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    listed = [window.sampling.weights.itemData(i) for i in range(window.sampling.weights.count())]
    assert "tiny" in listed
    samples_of(window, runs / "tiny")

    QTimer.singleShot(0, dataset, lambda: answer(dataset.panel.window(), "my sampler", "for tables"))
    dataset.keep(done)
    settle(qtbot, window)
    kept = load_metadata(user_weights() / "my sampler.safetensors")
    assert kept.note == "for tables" and kept.scores == load_metadata(runs / "tiny/best.safetensors").scores
    listed = [window.sampling.weights.itemData(i) for i in range(window.sampling.weights.count())]
    assert {"tiny", "my sampler"} <= set(listed)

    dataset.new(done)
    assert dataset.form is not None and dataset.form.name() == "tiny-2"
    assert make_config(tomllib.loads(dataset.form.toml.toPlainText())) == Run(runs / "tiny").config()
    dataset.form.reject()
    dataset.training.delete(done)
    qtbot.waitUntil(lambda: run(window) is None, timeout=TIMEOUT)
    assert panel.pages.currentIndex() == 0 and (runs / ".trash" / "tiny" / "best.safetensors").exists()


def samples_of(window: Window, weights: Path) -> None:
    """The window must show the samples that the core makes with ``weights``."""
    choice, result, entry = (
        window.session.document.choice, window.session.result, window.session.document.active
    )  # fmt: skip
    assert result is not None and entry is not None
    up: Up = "y" if entry.up == "y" else "z"
    sampler = create(MethodSpec.parse(f"apsnet@{weights}"), "reconstruction", up)
    expected = sampler.sample(result.cloud, choice.m, choice.seed).points
    np.testing.assert_array_equal(result.sampling.points, expected)


def test_a_training_outlives_its_window_and_two_others_report_when_it_is_killed(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    first = open_window()
    start(first, optimisation={"epochs": 500, "batch_size": 64})
    before = wait_for(qtbot, first, "running")
    first.close()
    assert before.process is not None and psutil.pid_exists(before.process)

    windows = [open_window(), open_window()]
    for window in windows:
        found = wait_for(qtbot, window, "running")
        assert found.process == before.process
    qtbot.waitUntil(lambda: all((s := run(w)) and s.step > before.step for w in windows), timeout=TIMEOUT)

    os.kill(before.process, signal.SIGKILL)
    width = windows[0].width()
    for window in windows:
        lost = wait_for(qtbot, window, "interrupted")
        assert "killed, or out of memory" in lost.why and lost.can_resume
        assert ("error", f"tiny: {lost.why}") in window.toasts.messages
        window.docks.show("Training")
        assert window.width() == width
        assert (
            window.training.panel.run.why.isVisible()
            and window.training.panel.run.why.text().lower() == lost.why.lower()
        )


def test_a_training_that_cannot_start_says_why_and_its_form_comes_back_filled_in(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    window = open_window()
    junk = runs.parent / "junk.safetensors"
    junk.write_text("no weights")
    start(window, points=4096)
    start(window, name="junk", task_weights=str(junk))  # fails before it has a config
    window.docks.show("Training")
    for name, why, changed in (("tiny", "2048 points", "points"), ("junk", "junk", "task_weights")):
        state = wait_for(qtbot, window, "failed", name=name)
        assert why in state.why and "Traceback" not in state.why
        assert ("error", f"{name}: {state.why}") in window.toasts.messages
        window.training.panel.select(state.folder)
        assert window.training.panel.run.again.isVisible()
        qtbot.mouseClick(window.training.panel.run.again, Qt.MouseButton.LeftButton)
        form = window.training.form
        assert form is not None
        found = make_config(form.config.values())
        assert found.points == (4096 if changed == "points" else 64) and found.sizes == [4, 8]
        assert found.task_weights == (str(junk) if changed == "task_weights" else "reconstruction-pcae")
        form.reject()


def test_a_start_that_fails_leaves_the_form_open_and_filled_in(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    window = open_window()
    runs.write_text("a file where the folder of the trainings should be")
    start(window, name="other")
    form = window.training.form
    assert form is not None and form.isVisible()
    assert form.trouble.text().startswith("other was not started: Not a directory")
    assert make_config(form.config.values()) == make_config({**TINY, "name": "other"})
    runs.unlink()
    qtbot.mouseClick(form.start, Qt.MouseButton.LeftButton)
    wait_for(qtbot, window, "running", "finished", name="other")
    assert window.training.form is None


def test_a_single_validation_is_drawn_as_a_dot_and_axes_have_plain_numbers(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    window = open_window()
    lone = Run.create(runs / "lone", make_config(TINY))
    for step in (1, 2):
        lone.record(
            "step", step=step, of=2, epoch=0, learning_rate=1e-3 / step, eta=0.0, metrics={"loss": 20.0}
        )
    lone.record("validation", step=2, epoch=0, metrics={"score": 1.5, "nre@8:g": 1.5})
    lone.record("done", step=2)
    wait_for(qtbot, window, "finished", name="lone")
    window.docks.show("Training")
    panel = window.training.panel
    qtbot.waitUntil(lambda: panel.findChild(TrainingCurves) is not None, timeout=TIMEOUT)
    curves = present(panel.findChild(TrainingCurves))
    [validation] = curves.plots["Validation"].getPlotItem().listDataItems()
    [rate] = curves.plots["Learning rate"].getPlotItem().listDataItems()
    assert validation.opts["symbol"] == "o" and rate.opts["symbol"] is None
    assert validation.scatter.isVisible() and len(validation.scatter.data) == 1
    for name, values, expected in (
        ("Learning rate", [0.0, 0.0005, 0.001], ["0.0000", "0.0005", "0.0010"]),
        ("Loss", [-6.0, -0.30103, 1.30103, 3.0], ["0.000001", "0.5", "20", "1000"]),
    ):
        axis = curves.plots[name].getPlotItem().getAxis("left")
        assert axis.tickStrings(values, 1.0, 0.0005) == expected
        assert axis.labelUnitPrefix == "" and not axis.autoSIPrefix
    begun = replace(present(panel.current), phase="running", best_written=0)
    panel.run.show_runs([begun])
    assert panel.run.pause.isVisible() and panel.run.use.isVisible(), "Pause must not move when Use appears"
    assert not panel.run.use.isEnabled() and "first epoch" in panel.run.use.toolTip()


@pytest.mark.parametrize(
    ("button", "remember", "closes", "stops", "asks_again"),
    [
        ("Let it train", False, True, False, True),
        ("Let it train", True, True, False, False),
        ("Stop after a checkpoint", True, True, True, True),
        ("Cancel", True, False, False, True),
    ],
)
def test_a_closing_window_asks_about_running_trainings_and_can_remember_the_answer(
    qtbot: QtBot, open_window: OpenWindow, runs: Path,
    button: str, remember: bool, closes: bool, stops: bool, asks_again: bool,
) -> None:  # fmt: skip
    window = open_window()
    window.settings.put(GO_ON, "")
    folder = runs / "busy"
    folder.mkdir(parents=True)
    dataset = window.training
    dataset.training.runs = {folder: RunState(folder, "running")}

    def press() -> None:
        [box] = window.findChildren(QMessageBox)
        box.checkBox().setChecked(remember)
        next(b for b in box.buttons() if b.text().replace("&", "") == button).click()

    QTimer.singleShot(0, dataset, press)
    assert dataset.may_close() == closes
    assert (folder / "stop").exists() == stops
    assert (window.settings.text(GO_ON, "") != "yes") == asks_again
    window.settings.put(GO_ON, "yes")


def test_the_time_of_a_training_is_estimated_from_its_first_steps(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_estimate, "ENOUGH_SECONDS", 0.5)
    window = open_window()
    window.actions_by_id["train"].trigger()
    form = window.training.form
    assert form is not None
    form.put({**TINY, "optimisation": {"epochs": 100, "batch_size": 64}})
    qtbot.mouseClick(form.estimate, Qt.MouseButton.LeftButton)
    assert not form.estimate.isEnabled()
    qtbot.waitUntil(lambda: form.cost.text().startswith("about "), timeout=TIMEOUT)
    assert form.cost.text().endswith("MB of memory") and form.estimate.isEnabled()
    form.reject()
    assert not runs.exists() and not window.training.training.runs


def test_weights_are_shared_with_their_model_card(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    shipped = asset("weights", "reconstruction-apsnet.safetensors")
    (runs / "mine").mkdir(parents=True)
    (runs / "mine" / "best.safetensors").write_bytes(shipped.read_bytes())
    target = tmp_path / "shared.safetensors"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.training.export(RunState(runs / "mine", "finished", best_written=1))
    settle(qtbot, window)
    assert target.read_bytes() == shipped.read_bytes()
    assert "| task | reconstruction |" in target.with_suffix(".md").read_text()

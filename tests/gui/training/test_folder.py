"""Reading the folder of a run: while it grows, after a resumption, and when it is broken."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.training.config import make_config
from apsnet_core.training.find_runs import discard
from apsnet_core.training.run_curves import MOST_POINTS
from apsnet_core.training.run_reader import RunReader
from apsnet_core.training.run_state import RunState
from apsnet_core.training.runs import Run
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.curves import lines_of, smooth
from apsnet_gui.training.process import run_folders
from apsnet_gui.training.training import TrainingFeature
from apsnet_gui.training.watch import TrainingWatch

CONFIG = make_config({"model": "task", "task": "classification", "optimisation": {"epochs": 4}})


def reader_of(run: Run) -> RunReader:
    return RunReader(run.folder, lambda _: None)


def record_epoch(run: Run, epoch: int, loss: float) -> None:
    run.record(
        "epoch", epoch=epoch, step=10 * (epoch + 1), learning_rate=0.1, metrics={"loss": loss, "part": 1.0}
    )


def test_a_growing_run_is_read_again_and_an_unchanged_one_gives_the_same_object(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", CONFIG)
    run.record("start", step=0, of=40)
    reader = reader_of(run)
    assert reader.read() is reader.read()
    for epoch in range(3):
        record_epoch(run, epoch, float(epoch))
    state = reader.read()
    np.testing.assert_array_equal(state.curves["epoch/loss"].values, [0, 1, 2])
    np.testing.assert_array_equal(state.curves["epoch/loss"].epochs, [1, 2, 3])
    # The reader waits for the rest of a half-written line.
    whole = json.dumps({"event": "done", "time": 1.0, "step": 40}).encode() + b"\n"
    events = run.folder / "events.jsonl"
    with events.open("ab") as file:
        file.write(whole[:9])
    assert reader.read().phase == "interrupted"
    with events.open("ab") as file:
        file.write(whole[9:])
    assert reader.read().phase == "finished"


def test_epochs_repeated_after_a_resumption_are_drawn_once(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", CONFIG)
    run.record("start", step=0, of=40)
    for epoch in range(3):
        record_epoch(run, epoch, 1.0)
    run.record("start", step=10, of=40)
    record_epoch(run, 1, 2.0)
    curve = reader_of(run).read().curves["epoch/loss"]
    np.testing.assert_array_equal(curve.epochs, [1, 2])
    np.testing.assert_array_equal(curve.values, [1, 2])


def test_a_long_run_keeps_its_shape_in_few_points(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", CONFIG)
    steps = 3 * MOST_POINTS
    step = {"event": "step", "time": 1, "of": steps, "learning_rate": 1}
    lines = [json.dumps({**step, "step": i, "metrics": {"loss": i}}) for i in range(1, steps + 1)]
    (run.folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    curve = reader_of(run).read().curves["step/loss"]
    assert MOST_POINTS / 2 <= len(curve.values) <= MOST_POINTS
    np.testing.assert_allclose(curve.epochs * steps / 4, curve.values)
    gaps = np.diff(curve.values)
    assert gaps.max() <= 2 * gaps.min()
    assert curve.values[0] < 10 and curve.values[-1] > steps - 10


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ("{", "damaged"),
        ("[]", "not the config of a training"),
        (json.dumps({"format": 99, "config": {}}), "newer version"),
        ("\ud800", "cannot be read"),
    ],
)
def test_a_broken_folder_gives_an_error_of_one_line(tmp_path: Path, config: str, word: str) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "config.json").write_bytes(config.encode("utf-8", "surrogatepass"))
    state = RunReader(folder, lambda _: None).read()
    assert state.phase == "broken" and word in state.why and state.why.count("\n") == 0
    assert not state.can_resume


def test_a_run_of_an_unknown_task_shows_only_the_score_recorded_at_its_end(tmp_path: Path) -> None:
    """Only the missing task, or the event at the end of the run, tells which score is best."""
    run = Run.create(tmp_path / "run", CONFIG)
    config = json.loads((run.folder / "config.json").read_text())
    config["config"]["task"] = "removed"
    (run.folder / "config.json").write_text(json.dumps(config))
    run.record("start", step=0, of=20)
    for epoch, score in enumerate((3.0, 1.0)):
        run.record("validation", epoch=epoch, step=10 * epoch + 10, metrics={"score": score})
    reader = reader_of(run)
    for state in (reader.read(), reader.read()):
        assert state.phase == "interrupted" and state.best_epoch is None and state.score is None
    run.record("done", step=20, best_epoch=1, metrics={"score": 1.0})
    for state in (reader.read(), reader.read()):
        assert (state.phase, state.best_epoch, state.score) == ("finished", 1, 1.0)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"model": "task", "task": "cooking"}, "old is of the task cooking, which is not here"),
        ({"model": "stride", "task": "classification"}, "old is of the method stride, which is not here"),
    ],
)
def test_a_run_of_a_missing_plugin_cannot_be_used(
    qtbot: QtBot, theme: Theme, home: Path, config: dict[str, str], said: str
) -> None:
    session, background, told = Session(), Background(), []
    session.notice.connect(lambda level, text: told.append((level, text)))
    feature = TrainingFeature(session, background, WeightsList(background), theme, Settings(home))
    old = RunState(home / "old", phase="finished", config=config, best_written=1)
    before = session.document
    for act in (feature.use, feature.new):
        act(old)
        level, text = told.pop()
        assert level == "warning" and text == f"{said}: add its plug-in (Window > Plug-ins…)."
    assert session.document is before and feature.form is None
    feature.close()
    background.close()


def test_actions_on_a_run_that_was_moved_elsewhere_are_refused_with_a_message(
    qtbot: QtBot, home: Path
) -> None:
    """Each button of a run is pressed before this window looks at the folder again."""
    run = Run.create(home / "runs" / "old", CONFIG)
    watch, told = TrainingWatch(), []
    watch.notice.connect(lambda level, text: told.append((level, text)))
    run.note_process(1)  # another process that exists
    state = RunState(run.folder, phase="stopped")
    watch.resume(state)
    assert told.pop() == (
        "warning",
        f"{run.folder} is being trained by process 1: stop that one first",
    )
    run.release()
    discard(run)
    for act, failed in (
        (watch.stop, "asked to stop"), (watch.resume, "resumed"), (watch.delete, "deleted"),
    ):  # fmt: skip
        act(state)
        assert told.pop() == ("warning", f"old was not {failed}: it was moved or deleted elsewhere")
    watch.close()
    assert not run.folder.exists() and run_folders(run.folder.parent) == []


def test_a_training_restored_from_the_trash_is_not_reported_as_ended_again(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APSNET_RUNS", str(home / "runs"))
    watch, told = TrainingWatch(), []
    watch.notice.connect(lambda level, text: told.append(text))
    with qtbot.waitSignal(watch.ready):
        watch.look()
    for name, age in (("old", 3600), ("new", 0)):
        run = Run.create(home / "runs" / name, CONFIG)
        run.record("start", step=0, of=10)
        done = {"event": "done", "time": time.time() - age, "step": 10}
        run.events_file.write_text(json.dumps(done) + "\n")
    with qtbot.waitSignal(watch.ended):
        watch.look()
    assert {state.name for state in watch.runs.values()} == {"old", "new"}
    assert [text.split()[0] for text in told] == ["new"]
    watch.close()


def test_a_run_with_a_wrong_event_stays_broken_until_it_is_repaired(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", CONFIG)
    run.record("start", step=0, of=20)
    right = run.events_file.read_bytes()
    run.record("validation", epoch=0, step=10, metrics={})
    run.record("done", step=20)
    reader = reader_of(run)
    assert [reader.read().phase for _ in range(3)] == ["broken"] * 3
    run.events_file.write_bytes(right)
    assert reader.read().phase == "interrupted"


def test_smoothing_is_the_weighted_mean_of_earlier_values(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=50)
    for factor in (0.5, 0.9):
        weights = factor ** np.arange(50)
        expected = [np.average(values[: i + 1][::-1], weights=weights[: i + 1]) for i in range(50)]
        np.testing.assert_allclose(smooth(values, factor), expected)
    assert smooth(values, 0.0) is values


def test_a_curve_is_coloured_by_size_and_dashed_for_matched_points() -> None:
    lines = lines_of(["accuracy@8:g", "accuracy@8:m", "accuracy@16:g", "loss", "sampling@8"])
    assert [line.colour for line in lines] == [0, 0, 1, None, 0]
    solid, dashed = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
    assert [line.style for line in lines] == [solid, dashed, solid, solid, dashed]

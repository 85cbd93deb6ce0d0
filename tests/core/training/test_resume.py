"""A training that was stopped or killed and then resumed equals an uninterrupted one to the last bit."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from apsnet_core.training import schedule
from apsnet_core.training.find_runs import state_of
from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run, RunError
from apsnet_core.training.schedule import Clock
from tests.core.cli.command import APSNET, environment
from tests.core.training.small import config, events, losses, same_tensors


class AfterChecks:
    """A callback that asks to stop after ``steps`` steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self) -> bool:
        self.left -= 1
        return self.left <= 0


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"model": "samplenet", "sizes": [4]},
        {"model": "task", "sizes": [], "task_weights": None, "augmentation__dropout": 0.5},
    ],
    ids=["apsnet", "samplenet", "task net with dropout"],
)
def test_a_training_stopped_anywhere_and_resumed_has_the_same_losses(
    changes: dict[str, object], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LOG_SECONDS", -1.0)  # every step is recorded
    how = config(home, **changes)
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    assert start(how, whole).step == 9
    start(how, pieces, stop=AfterChecks(2))  # stops in the middle of an epoch
    assert events(pieces, "stopped")[-1]["step"] == 2
    start(how, pieces, resume=True, stop=AfterChecks(1))  # stops at the last step of an epoch
    assert events(pieces, "stopped")[-1]["step"] == 3
    start(how, pieces, resume=True, stop=AfterChecks(4))
    start(how, pieces, resume=True)
    assert state_of(Run(pieces)).phase == "finished"
    for kind in ("step", "epoch", "validation"):
        assert losses(pieces, kind) == losses(whole, kind), kind
    assert sorted(losses(whole, "step")) == list(range(1, 10))
    assert same_tensors(whole / "last.safetensors", pieces / "last.safetensors")
    assert same_tensors(whole / "best.safetensors", pieces / "best.safetensors")
    assert (whole / "metrics.csv").read_text() == (pieces / "metrics.csv").read_text()


def test_the_mean_loss_of_a_resumed_epoch_includes_all_its_steps(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LOG_SECONDS", -1.0)
    how = config(home, optimisation__epochs=1)
    start(how, tmp_path / "run", stop=AfterChecks(2))
    start(how, tmp_path / "run", resume=True)
    steps = [metrics["loss"] for metrics in losses(tmp_path / "run", "step").values()]
    assert losses(tmp_path / "run")[0]["loss"] == pytest.approx(sum(steps) / 3, rel=1e-6)


def begin(*arguments: str | Path, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*APSNET, "train", *map(str, arguments)], cwd=cwd, text=True,
        env=environment() | {"APSNET_RUNS": str(cwd / "runs")},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def until(process: subprocess.Popen[str], folder: Path, kind: str, count: int) -> None:
    """Wait until ``process`` has recorded ``count`` events of a kind."""
    while len(events(folder, kind)) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def test_checkpoints_are_written_at_their_interval_and_at_the_end(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    def tick(_: Clock) -> bool:
        now[0] += 1.0  # each step takes a second
        return False

    monkeypatch.setattr(schedule, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(Clock, "should_log", tick)
    start(config(home, checkpoint_seconds=4.0), tmp_path / "run")
    steps = [event["step"] for event in events(tmp_path / "run", "checkpoint")]
    assert steps == [4, 8, 9]
    Run(tmp_path / "run").checkpoint.unlink()  # a new start would give other weights: this must be refused
    with pytest.raises(RunError, match="safetensors is gone"):
        start(config(home), tmp_path / "run", resume=True)


def test_terminated_and_killed_processes_lose_nothing(home: Path, tmp_path: Path) -> None:
    # More epochs than the test takes; with this schedule the rates do not depend on the number of epochs.
    steps = {"schedule": "step", "decay_every": 1, "batch_size": 8, "epochs": 1000}
    how = config(home, optimisation=steps)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        f'model = "apsnet"\ntask = "classification"\ndata = "{how.data}"\npoints = 32\nsizes = [2, 4]\n'
        f'seed = 5\nsnapshots = 1\ndevice = "cpu"\ntask_weights = "{how.task_weights}"\n'
        '[optimisation]\nschedule = "step"\ndecay_every = 1\nbatch_size = 8\nepochs = 1000\n'
        "[augmentation]\nscale = [0.8, 1.25]\nper_axis = true\nredraw = true\n"
    )
    run = tmp_path / "runs/recipe"
    process = begin(recipe, "--set", "checkpoint_seconds=0", cwd=tmp_path)
    until(process, run, "checkpoint", 3)
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert "stopped" in out and "--resume" in out
    assert Run(run).events()[-1]["event"] == "stopped" and state_of(Run(run)).phase == "stopped"
    assert events(run, "checkpoint")[-1]["step"] == events(run, "stopped")[-1]["step"]

    process = begin("--resume", "recipe", cwd=tmp_path)
    before = len(events(run, "checkpoint"))
    until(process, run, "checkpoint", before + 4)
    assert state_of(Run(run)).phase == "running"
    process.kill()
    process.communicate()
    assert state_of(Run(run)).phase == "interrupted"
    # A kill during a write leaves such files behind.
    (run / ".last.safetensors.x.safetensors").write_bytes(b"half")
    with (run / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "step", "ti')

    end = {"optimisation": how.optimisation.model_copy(update={"epochs": max(losses(run)) + 3})}
    start(Run(run).config().model_copy(update={"checkpoint_seconds": 60.0, **end}), run, resume=True)
    assert state_of(Run(run)).phase == "finished"
    assert not list(run.glob(".*"))
    whole = tmp_path / "whole"
    start(how.model_copy(update=end), whole)
    assert losses(run) == losses(whole)
    assert same_tensors(run / "last.safetensors", whole / "last.safetensors")

"""`apsnet train` on the shipped furniture as in a shell; afterwards its weights are found by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cli.app import run as apsnet
from apsnet_core.datasets import DatasetError
from apsnet_core.training.find_runs import find_run
from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run, RunError
from tests.core.cli.command import apsnet as command
from tests.core.training.small import config, events, losses, start_in

FAST = ["--set", "points=64", "--set", "optimisation.epochs=1", "--set", "optimisation.batch_size=64"]


def test_a_recipe_is_trained_and_its_weights_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("APSNET_RUNS", str(tmp_path / "runs"))
    process = command("train", "furniture-pointnet", *FAST, "--json", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    done = json.loads(process.stdout)
    assert "epoch 1/1: accuracy" in process.stderr
    assert done["state"] == "finished" and done["step"] == 3 and done["best_epoch"] == 0
    run = tmp_path / "runs/furniture-pointnet"
    weights = {"last.safetensors", "best.safetensors"}
    told = {"config.json", "made_from.json", "events.jsonl", "metrics.csv"}
    assert told | weights == {path.name for path in run.iterdir()}
    assert [event["event"] for event in events(run, "done")] == ["done"]
    # The further commands run in this process, which is faster.
    monkeypatch.chdir(tmp_path)
    again = ["train", "furniture-apsnet", *FAST, "--set", "sizes=[4]", "--set", "snapshots=2", "--json"]
    assert apsnet(again) == 0
    assert json.loads(capsys.readouterr().out)["run"] == "furniture-apsnet"
    assert apsnet(["train", "furniture-pointnet", *FAST, "--set", "optimisation.epochs=0"]) == 1
    assert "optimisation.epochs" in capsys.readouterr().err
    assert apsnet(["weights", "show", "furniture-apsnet", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["task_weights"] == "furniture-pointnet" and shown["up"] == "y" and shown["points"] == 64
    assert "Sweet Home" in shown["licence"] or "CC BY" in shown["licence"]


def test_a_run_is_resumed_by_name_with_only_permitted_changes(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APSNET_RUNS", str(tmp_path / "runs"))
    start_in(tmp_path / "runs/first", config(home), stop_after=4)
    refused = ("sizes=[4]", "optimisation={batch_size=4}", "initial_weights=x", "weights_average=0.9")
    for change in refused:
        assert apsnet(["train", "--resume", "first", "--set", change]) == 1
        assert "cannot be changed in a resumed run" in capsys.readouterr().err
    assert apsnet(["train", "--resume", "first", "--set", "optimisation.epochs=4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["step"] == 12
    assert list(losses(tmp_path / "runs/first")) == [0, 1, 2, 3]
    assert apsnet(["train", "--resume", "first", "--set", "optimisation.epochs=3"]) == 1
    assert "set it to 4 or more" in capsys.readouterr().err
    assert Run(tmp_path / "runs/first").config().optimisation.epochs == 4
    assert apsnet(["train", "--resume", "second"]) == 1
    assert "there are first" in capsys.readouterr().err
    assert apsnet(["train"]) == 2 and apsnet(["train", "x.toml", "--resume", "first"]) == 2
    assert apsnet(["train", "x.toml"]) == 1
    assert "the recipes are" in capsys.readouterr().err


def test_a_stop_file_ends_a_training_after_a_checkpoint(home: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    watched = start_in(run, config(home), stop_file_after=2)
    assert [event["event"] for event in watched][-2:] == ["checkpoint", "stopped"]
    assert watched[-1]["step"] == 2 and not (run / "stop").exists()


def test_a_waiting_training_begins_after_the_other_or_stops_on_request(home: Path, tmp_path: Path) -> None:
    other = Run.create(tmp_path / "other", config(home))
    other.claim()
    looks = 0

    def stop() -> bool:
        nonlocal looks
        looks += 1
        return looks == 2

    start(config(home), tmp_path / "run", after=[other.folder], stop=stop)
    assert [event["event"] for event in Run(tmp_path / "run").events()] == ["waiting", "stopped"]
    other.release()
    start(Run(tmp_path / "run").config(), tmp_path / "run", resume=True, after=[other.folder])
    assert len(losses(tmp_path / "run")) == 3


def test_a_training_that_is_still_loading_can_be_waited_for(tmp_path: Path) -> None:
    run = Run(tmp_path / "loading")
    run.folder.mkdir()
    with pytest.raises(RunError, match="neither a run in"):
        find_run("loading", tmp_path)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        run.note_process(process.pid)
        assert find_run("loading", tmp_path).trained_by() == process.pid
        with pytest.raises(RunError, match=f"is being trained by process {process.pid}"):
            run.claim()
        process.communicate(b"\n")
    run.note_process(os.getpid())
    run.claim()
    assert run.trained_by() == os.getpid()


def test_missing_data_are_reported_before_a_training_waits(home: Path, tmp_path: Path) -> None:
    other = Run.create(tmp_path / "other", config(home))
    other.claim()  # a training that waited for this run would never return
    for data, why in (
        ("modelnet40", r"is not on this machine; apsnet data import modelnet40 downloads it \(435\xa0MB\)"),
        ("mine", "is not on this machine; name a folder in its place, or give one this name: apsnet data"),
        (str(tmp_path / "no/where"), "is not a folder"),
        (str(other.folder), "holds no dataset in a layout that can be read"),
    ):
        with pytest.raises(DatasetError, match=why):
            start(config(home, data=data), tmp_path / "run", after=[other.folder])
        assert not (tmp_path / "run").exists()


def test_skipped_files_and_repeated_points_of_the_data_are_noted_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    for kind, size in (("ball", 1.0), ("egg", 2.0)):
        (tmp_path / "data" / kind).mkdir(parents=True)
        for k in range(6):
            points = rng.normal(size=(100, 3)) * [1, 1, size]
            np.savetxt(tmp_path / "data" / kind / f"{kind}{k}.xyz", points)
    (tmp_path / "data" / "egg" / "broken.xyz").write_text("one two three\n")
    data = f"data={tmp_path / 'data'}"
    split = "split={validation = 0.2, test = 0.2, seed = 0}"
    line = ["train", "furniture-pointnet", *FAST, "-o", str(tmp_path / "run")]
    assert apsnet([*line, "--set", data, "--set", split, "--set", "optimisation.batch_size=4"]) == 0
    said = capsys.readouterr().err
    assert "note: left out: " in said and "broken.xyz" in said
    assert "12 shapes of fewer than 2048 points: some of theirs are repeated" in said
    (begun,) = events(tmp_path / "run", "start")
    assert "broken.xyz" in begun["notes"]

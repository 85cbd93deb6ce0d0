"""The folder of a run: the process that trains it, its state, and its deletion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from apsnet_core.cli.app import run as apsnet
from apsnet_core.training.find_runs import all_runs, ask_to_stop, discard, find_run, state_of
from apsnet_core.training.runs import Run, RunError
from apsnet_core.weights.listing import user_weights
from apsnet_core.weights.run_folders import run_folders, runs_folder
from tests.core.training.small import config
from tests.narrow import present


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    return Run.create(tmp_path / "runs/first", config(home))


def claimed_by(run: Run, pid: int, started: float) -> None:
    (run.folder / "process.json").write_text(json.dumps({"pid": pid, "started": started}))


def test_a_config_is_stored_and_read_without_change(home: Path, run: Run) -> None:
    assert Run.open(run.folder).config() == config(home)


def test_a_run_is_running_only_while_the_process_that_claimed_it_lives(run: Run) -> None:
    assert state_of(run).phase == "interrupted"
    run.claim()
    run.record("start", step=0, of=9)
    run.record("step", step=4, of=9, epoch=1, eta=12.5, metrics={"loss": 1.0})
    found = state_of(run)
    assert (found.phase, found.process, found.step, found.eta) == ("running", os.getpid(), 4, 12.5)
    claimed_by(run, os.getpid(), psutil.Process().create_time() - 3600)  # the process ID was reused
    assert state_of(run).phase == "interrupted" and state_of(run).eta is None
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    claimed_by(run, child.pid, psutil.Process().create_time())
    assert state_of(run).phase == "interrupted"
    (run.folder / "process.json").write_text("{")
    assert state_of(run).phase == "interrupted"


@pytest.mark.parametrize(
    ("event", "state"), [("done", "finished"), ("stopped", "stopped"), ("error", "failed")]
)
def test_a_run_ends_in_one_of_three_ways(run: Run, event: str, state: str) -> None:
    run.claim()
    run.record("start", step=0, of=9)
    run.record(event, step=9, **({"why": "the disk is full"} if event == "error" else {}))
    run.release()
    assert state_of(run).phase == state
    assert state_of(run).why == ("the disk is full" if event == "error" else "")
    run.record("start", step=9, of=9)
    assert state_of(run).phase == "interrupted"


def test_the_state_of_a_run_has_its_best_validation(run: Run) -> None:
    for epoch, score in enumerate([0.2, 0.9, 0.4]):
        run.record("epoch", epoch=epoch, step=epoch, metrics={"loss": 1.0 - score})
        run.record("validation", epoch=epoch, step=epoch, metrics={"score": score})
    run.write_metrics()
    found = state_of(run)
    assert (found.best_epoch, found.metrics, found.epochs_done, found.epochs) == (1, {"score": 0.9}, 3, 3)
    lines = (run.folder / "metrics.csv").read_text().splitlines()
    assert lines[0] == "epoch,loss,score" and lines[2].split(",")[::2] == ["1", "0.9"]


def test_a_truncated_line_of_events_is_skipped(run: Run) -> None:
    run.record("start", step=0)
    with (run.folder / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "st')
    run.record("stopped", step=1)
    assert [event["event"] for event in run.events()] == ["start", "stopped"]


def test_a_run_cannot_be_claimed_or_deleted_while_another_process_trains_it(run: Run) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        claimed_by(run, other.pid, psutil.Process(other.pid).create_time())
        with pytest.raises(RunError, match=f"trained by process {other.pid}"):
            run.claim()
        with pytest.raises(RunError, match="apsnet runs stop"):
            discard(run)
        assert ask_to_stop(run) == other.pid and run.stop_file.exists()
        other.communicate(b"\n")


CLAIMS = """
import sys, time
from pathlib import Path
from apsnet_core.training.runs import Run, RunError

class Slow(Run):
    def note_process(self, pid):
        time.sleep(0.1)
        super().note_process(pid)

print("ready", flush=True)
input()
try:
    Slow(Path(sys.argv[1])).claim()
    print("mine", flush=True)
except RunError as why:
    print(why, flush=True)
input()
"""


def test_one_of_several_processes_that_claim_a_run_at_once_gets_it(run: Run) -> None:
    """Three processes claim the run at the same moment, as when two windows resume it."""
    command = [sys.executable, "-c", CLAIMS, str(run.folder)]
    pipe = subprocess.PIPE
    all_of_them = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    told: list[str] = []
    for _ in range(2):
        for each in all_of_them:
            if told:
                present(each.stdin).write("\n")
                present(each.stdin).flush()
        told = [present(each.stdout).readline().strip() for each in all_of_them]
    assert told.count("mine") == 1 and sum("is being trained by process" in text for text in told) == 2
    assert run.trained_by() == all_of_them[told.index("mine")].pid
    for each in all_of_them:
        each.communicate("\n")


def test_occupied_unknown_and_unreadable_runs_are_reported(run: Run, home: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="already holds a run"):
        Run.create(run.folder, config(home))
    run.record("error", why="before it began")
    assert Run.create(run.folder, config(home, seed=5)).config().seed == 5
    run.checkpoint.touch()
    with pytest.raises(RunError, match="already holds a run"):
        Run.create(run.folder, config(home))
    with pytest.raises(RunError, match="there are first"):
        find_run("second", tmp_path / "runs")
    with pytest.raises(RunError, match="not running: it is failed"):
        ask_to_stop(run)
    (run.folder / "config.json").write_text('{"format": 9, "config": {}}')
    with pytest.raises(RunError, match="newer version"):
        run.config()
    (run.folder / "config.json").write_text('{"format": 1, "config": {"model": "x"}}')
    with pytest.raises(RunError, match="config cannot be read"):
        run.config()


def test_the_command_lists_shows_stops_and_deletes(
    run: Run, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APSNET_RUNS", str(run.folder.parent))

    def said(*arguments: str, code: int = 0) -> dict[str, object]:
        assert apsnet([*arguments, "--json"]) == code
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    run.record("error", why="the loss is no longer finite at step 3")
    second = Run.create(run.folder.with_name("second"), config(home))
    rows = said("runs", "list")["runs"]
    assert isinstance(rows, list) and [(row["name"], row["state"]) for row in rows] == [
        ("first", "failed"), ("second", "interrupted"),
    ]  # fmt: skip
    assert apsnet(["runs", "list"]) == 0
    assert "apsnet 2,4 for classification: epoch 0/3" in capsys.readouterr().out
    shown = said("runs", "show", "first")
    assert shown["why"] == "the loss is no longer finite at step 3" and "config" in shown
    assert "not running" in str(said("runs", "stop", "first", code=1)["error"])
    assert apsnet(["runs", "show", "first"]) == 0
    assert "no longer finite" in capsys.readouterr().out
    trash = Path(str(said("runs", "delete", "first")["trash"]))
    assert (trash / "events.jsonl").is_file() and trash.parent.name == ".trash"
    assert [each.name for each in all_runs(second.folder.parent)] == ["second"]
    Run.create(run.folder, config(home))
    assert said("runs", "delete", "first")["trash"] != str(trash)
    assert "there are second" in str(said("runs", "show", "first", code=1)["error"])


def test_runs_are_found_from_every_folder(
    run: Run, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*arguments: str) -> dict[str, object]:
        assert apsnet([*arguments, "--json"]) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    [default] = run_folders()
    assert default == tmp_path / "own/runs"  # the user's folder does not depend on the current folder
    assert user_weights() == tmp_path / "own/weights", "all data of the program must be in one folder"
    mine = Run.create(runs_folder() / "mine", config(home))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert find_run("mine", *run_folders()).folder == mine.folder
    assert said("runs", "folders", "--add", "../" + run.folder.parent.name)["folders"] == [
        str(default), str(run.folder.parent),
    ]  # fmt: skip
    rows = said("runs", "list")["runs"]
    assert isinstance(rows, list) and [row["name"] for row in rows] == ["mine", "first"]
    said("runs", "folders", "--first", str(tmp_path / "new"))
    assert runs_folder() == tmp_path / "new" and len(run_folders()) == 3
    assert said("runs", "folders", "--drop", str(run.folder.parent))["folders"] == [
        str(tmp_path / "new"), str(default),
    ]  # fmt: skip
    assert run.folder.is_dir()
    monkeypatch.setenv("APSNET_RUNS", str(tmp_path / "one"))
    assert run_folders() == [tmp_path / "one"]
    assert apsnet(["runs", "folders", "--add", str(tmp_path)]) == 1
    assert "APSNET_RUNS sets the only folder of runs" in capsys.readouterr().err
    monkeypatch.delenv("APSNET_RUNS")
    assert runs_folder() == tmp_path / "new"
    assert apsnet(["runs", "folders", "--add", __file__]) == 1

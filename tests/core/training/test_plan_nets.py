"""Plan rows whose task net is trained by an earlier row, and queues that continue on another machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from apsnet_core.cli.app import run as apsnet
from apsnet_core.training import queue as queue_module
from apsnet_core.training.config import ConfigError
from apsnet_core.training.launch import Process
from apsnet_core.training.order import Order
from apsnet_core.training.plans import find_plan, planned
from apsnet_core.training.queue import Queue
from apsnet_core.training.runs import Run
from apsnet_core.weights import load_metadata
from tests.core.training.small import config, same_tensors, start_in, write_release
from tests.core.training.test_queue import recipe_of

NET = "[[rows]]\nrecipe = 'furniture-pointnet'\nname = 'net'\n"
SAMPLER = "[[rows]]\nrecipe = 'furniture-apsnet'\nset = ['task_weights=row:net', 'sizes=[8]']\n"
FAST = ["points=64", "optimisation.epochs=1", "optimisation.batch_size=64", 'classes=["chair", "table"]']


def plan(tmp_path: Path, text: str) -> str:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    return str(path)


@pytest.fixture
def here_and_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the trainings of a queue in this process, which saves their time to start."""

    def launch(folder: Path, *words: str, variables: object) -> Process:
        assert apsnet([*words, "--quiet"]) in (0, 1)
        return subprocess.Popen([sys.executable, "-c", ""])

    monkeypatch.setattr(queue_module, "launch", launch)


@pytest.mark.usefixtures("here_and_now")
def test_a_row_is_trained_with_the_task_net_of_an_earlier_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = [word for change in [*FAST, "checkpoint_seconds=0"] for word in ("--set", change)]
    asked = ["queue", "run", plan(tmp_path, NET + SAMPLER), "-o", str(tmp_path / "queue"), *sets, "--json"]
    assert apsnet(asked) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])["trainings"]
    assert [(row["name"], row["state"]) for row in told] == [
        ("net-0", "finished"), ("furniture-apsnet-0", "finished"),
    ]  # fmt: skip
    net, sampler = (tmp_path / "queue" / row / f"{row}-0" for row in ("net", "furniture-apsnet"))
    assert Run(sampler).config().task_weights == str(net / "best.safetensors")
    assert load_metadata(sampler / "best.safetensors").task_weights == "net-0"
    assert apsnet(["queue", "show", *asked[2:5], "--json"]) == 0
    [line] = json.loads(capsys.readouterr().out)["evaluate"]
    assert f"--net {net}" in line and "--data furniture" in line


def test_the_task_net_of_a_row_is_the_median_of_seeds_that_are_all_trained_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = planned(find_plan(plan(tmp_path, "seeds = [0, 1, 2]\n" + NET + SAMPLER)), tmp_path / "queue")
    assert [each.name for each in work[:4]] == ["net-0", "net-1", "net-2", "furniture-apsnet-0"]
    scores = dict(zip([each.folder for each in work[:3]], (0.7, 0.9, 0.8), strict=True))
    begun: list[list[str]] = []

    def launch(folder: Path, *words: str, variables: object) -> Process:
        begun.append([*words])
        if folder in scores:
            run = Run.create(folder, next(each.config for each in work if each.folder == folder))
            run.record("validation", epoch=0, step=1, metrics={"score": scores[folder]})
            if scores[folder] != failing:
                run.record("done", step=1)
        return subprocess.Popen([sys.executable, "-c", ""])

    monkeypatch.setattr(queue_module, "launch", launch)
    failing = 0.7
    places = Queue(tmp_path / "queue", work).work(Order((), at_once=3))
    assert [place.phase for place in places[1:]] == ["finished", "finished", "to come", "to come", "to come"]
    assert len(begun) == 3, "a sampler was begun before its task net was trained"
    Run(work[0].folder).record("done", step=1)
    Queue(tmp_path / "queue", work).work(Order((), at_once=3))
    median = work[2].folder.resolve()
    assert all(f'task_weights="{median}"' in words for words in begun[3:]) and len(begun) == 6


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SAMPLER, "task_weights is row:net, but no earlier row has that name$"),
        (SAMPLER + NET, "furniture-apsnet: task_weights is row:net, but no earlier row has that name$"),
        (NET.replace("'net'", "'other'") + SAMPLER, "no earlier row has that name; there are other"),
        (
            "[[rows]]\nrecipe = 'furniture-apsnet'\nname = 'net'\n" + SAMPLER,
            "row:net does not train a task net for classification",
        ),
        (
            NET + SAMPLER.replace("furniture-apsnet'", "reconstruction-apsnet'"),
            "row:net does not train a task net for reconstruction",
        ),
    ],
)
def test_a_plan_whose_row_names_no_task_net_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        planned(find_plan(plan(tmp_path, text)), tmp_path)


@pytest.mark.usefixtures("here_and_now")
def test_a_copied_queue_continues_with_other_paths_of_data_and_task_net(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A queue whose folder is copied to a machine with other paths ends with the same weights."""
    here, there = tmp_path / "here", tmp_path / "there"
    write_release(here / "release")
    (here / "net.safetensors").write_bytes((home / "net.safetensors").read_bytes())
    recipe = recipe_of(here, tmp_path / "small.toml")
    [first] = planned(find_plan(str(recipe)), here / "queue")
    start_in(tmp_path / "whole", first.config)
    start_in(first.folder, first.config, stop_after=2)

    here.rename(there)
    copied = there / "queue" / "small" / "small-0"
    asked = ["queue", "run", str(recipe_of(there, recipe)), "-o", str(there / "queue"), "--json"]
    write_release(there / "other", train=25)
    assert apsnet([*asked, "--data", str(there / "other")]) == 1
    why = json.loads(capsys.readouterr().out.splitlines()[-1])["trainings"][0]["why"]
    assert why == "data: it is not the same as when the run was begun; name the same one"
    assert Run(copied).config().data == str(here / "release"), "a refused command must not change the run"
    assert apsnet(asked) == 0
    assert same_tensors(copied / "best.safetensors", tmp_path / "whole/best.safetensors")
    assert Run(copied).config().data == str(there / "release")


def test_a_run_without_a_record_of_its_data_cannot_be_resumed_with_other_data(
    home: Path, tmp_path: Path
) -> None:
    how = config(home)
    start_in(tmp_path / "run", how, stop_after=1)
    (tmp_path / "run" / "made_from.json").unlink()
    assert apsnet(["train", "--resume", str(tmp_path / "run"), "--data", "furniture"]) == 1

"""Seeds that were evaluated separately and merged give the same numbers as seeds evaluated together."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.report_folder import json_of
from apsnet_core.evaluation.table.contenders import contenders
from apsnet_core.evaluation.table.held_out import open_held_out
from apsnet_core.evaluation.table.leaderboard import leaderboard, merged
from apsnet_core.evaluation.table.leaders import every_pair
from apsnet_core.evaluation.table.table import Table, evaluate
from apsnet_core.methods.spec import MethodSpec
from tests.core.cli.command import answer
from tests.core.weights.files import write

Board = dict[str, Any]
Measure = Callable[..., Board]


def trainings(folder: Path, seeds: tuple[int, ...], task: str, rate: float = 0.001) -> Path:
    """Write finished runs of an APSNet and a SampleNet for 8 points, one per seed, and return their folder.

    It always has the same name.
    """
    for name, first in (("apsnet", 0), ("samplenet", 50)):
        for seed in seeds:
            run = folder / "rows" / f"{name}-{seed}"
            run.mkdir(parents=True)
            told = {"seed": seed, "epochs": 3, "learning_rate": rate, "best_epoch": seed}
            write(run / "best.safetensors", name, first + seed, task=task, training=told)
    return folder / "rows"


@pytest.fixture
def measure(release: Path, nets: dict[str, Path]) -> Measure:
    def measured(rows: Path, task: str) -> Board:
        table = table_of(rows, task, release, nets)
        board: Board = json.loads(json_of(leaderboard(table)))
        return board | {"paired": json.loads(json_of({"": [asdict(pair) for pair in table.pairs]}))[""]}

    return measured


def table_of(rows: Path, task: str, release: Path, nets: dict[str, Path]) -> Table:
    net = task_net(task, str(nets[task]))
    specs = [MethodSpec.parse(text) for text in (f"apsnet@{rows}", f"samplenet:m@{rows}", "random")]
    methods, _ = contenders(specs, task, (8,))
    tests = every_pair([each.text for each in methods])
    return evaluate(open_held_out(release, net, up="z"), net, methods, seeds=2, paired=tests)


@pytest.mark.parametrize("task", ["classification", "reconstruction"])
def test_merged_seeds_give_the_numbers_of_seeds_measured_together(
    task: str, measure: Measure, tmp_path: Path
) -> None:
    together = measure(trainings(tmp_path / "all", (0, 1, 10), task), task)
    apart = [
        measure(trainings(tmp_path / "here", (10, 0), task), task),
        measure(trainings(tmp_path / "there", (1,), task), task),
    ]
    whole = {key: together[key] for key in ("format", "twins", "entries")}
    assert merged(apart) == merged(reversed(apart)) == whole, "every number must be the same"
    row = next(entry for entry in whole["entries"] if entry["method"] == "apsnet")
    assert row["seeds"] == 3 and [run["seed"] for run in row["runs"]] == [0, 1, 10]
    shapes = [np.array(run["values"].split(), float) for run in row["runs"]]
    assert row["value"] == pytest.approx(np.mean(shapes), rel=1e-12)

    # The differences are computed only from the leaderboard files, so the weights are not needed.
    shutil.rmtree(tmp_path / "all")
    paths = [tmp_path / f"{i}.json" for i in range(2)]
    for path, board in zip(paths, apart, strict=True):
        path.write_text(json.dumps(board))
    found = answer("leaderboard", *paths, "--differences")["paired"]
    told = {(each["first"], each["second"]): each for each in found}
    assert len(told) == len(together["paired"]) == 3
    for pair in together["paired"]:
        if (pair["first"], pair["second"]) in told:
            ours = told[pair["first"], pair["second"]]
            assert {key: ours[key] for key in pair} == pair
        else:  # a leaderboard names the better method first
            ours = told[pair["second"], pair["first"]]
            assert ours["difference"]["value"] == -pair["difference"]["value"]
            assert ours["difference"]["low"] == pytest.approx(-pair["difference"]["high"], abs=0.05)


def test_runs_that_differ_in_more_than_the_seed_are_refused(measure: Measure, tmp_path: Path) -> None:
    task = "reconstruction"
    first = measure(trainings(tmp_path / "a", (0,), task), task)
    other_rate = measure(trainings(tmp_path / "b", (1,), task, rate=0.002), task)
    with pytest.raises(ValueError, match=r"two ways, learning rate 0.00[12] and 0.00[12]: "):
        merged([first, other_rate])
    rows = trainings(tmp_path / "c", (0,), task)
    write(rows / "apsnet-0" / "best.safetensors", "apsnet", 7, task=task, training={"seed": 0})
    again = measure(rows, task)
    for board in (first, again):
        first_run(board)["trained"] = None
        first_run(board)["seed"] = 0
    with pytest.raises(ValueError, match="two different trainings of seed 0"):
        merged([first, again])
    lie = json.loads(json.dumps(first))
    first_run(lie)["values"] = " ".join(reversed(first_run(lie)["values"].split()))
    with pytest.raises(ValueError, match="disagree on APSNet-G"):
        merged([first, lie])
    # The same holds for runs in one folder.
    write(rows / "apsnet-0" / "best.safetensors", "apsnet", 7, task=task, training={"epochs": 4, "seed": 0})
    write(rows / "samplenet-0" / "best.safetensors", "apsnet", 8, task=task, training={"epochs": 3})
    with pytest.raises(ValueError, match="at 8 points that differ in more than their seed: epochs"):
        contenders([MethodSpec.parse(f"apsnet@{rows}")], task, (8,))


def first_run(board: Board) -> Board:
    entry = next(entry for entry in board["entries"] if entry["method"] == "apsnet")
    run: Board = entry["runs"][0]
    return run


def test_a_table_includes_further_measured_seeds_of_its_weights(
    measure: Measure, release: Path, nets: dict[str, Path], tmp_path: Path
) -> None:
    """This is what `make results` does: one seed is shipped, the others were evaluated before."""
    task = "reconstruction"
    board = measure(trainings(tmp_path / "a", (0, 1), task), task)
    shipped = tmp_path / "a" / "rows" / "apsnet-1" / "best.safetensors"
    net = task_net(task, str(nets[task]))
    methods, _ = contenders([MethodSpec.parse(f"apsnet@{shipped}"), MethodSpec.parse("random")], task, (8,))
    held_out = open_held_out(release, net, up="z")
    table = evaluate(held_out, net, methods, seeds=2, measured=board)
    told = next(entry for entry in board["entries"] if entry["method"] == "apsnet")
    assert (table.rows[0].seeds, table.rows[0].value) == (2, told["value"])
    assert table.rows[0].weights_hash == told["weights_hash"] and table.rows[1].seeds == 2
    alone = evaluate(open_held_out(release, net, up="z", most=3), net, methods, seeds=2, measured=board)
    assert alone.rows[0].seeds == 1, "runs on other shapes must not be used"

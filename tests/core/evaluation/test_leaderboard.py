"""Leaderboards of several people are merged, unless they disagree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.leaderboard import merged, names_in, paired, tables_of
from apsnet_core.evaluation.table.measured import joined_runs, measurement, runs_in
from apsnet_core.evaluation.table.seed_runs import SeedRun
from apsnet_core.types import Values
from tests.core.cli.command import answer, said


def board_of(
    *, net: str = "ab", data: str = "shapes", digest: str = "12", values: str = "1 0 1", right: bool = True
) -> Values:
    """A leaderboard of one row with one run, as `apsnet evaluate` writes it."""
    numbers = np.array(values.split(), float)
    task, metric = ("classification", "accuracy") if right else ("reconstruction", "nre")
    wilson = binomtest(int(numbers.sum()), len(numbers)).proportion_ci(0.95, "wilson")
    value, (low, high) = float(numbers.mean()), wilson if right else (None, None)
    run = {"seed": 0, "weights": "mine", "weights_hash": digest, "trained": {"epochs": 3}, "values": values}
    entry = {
        "task": task, "metric": metric, "data": data, "data_hash": "ff", "points": 64,
        "shapes": len(numbers), "task_net": "pointnet", "task_net_hash": net, "method": "apsnet",
        "variant": "g", "label": "APSNet-G", "m": 8, "weights": "mine", "weights_hash": digest, "seeds": 1,
        "value": value, "low": low, "high": high, "runs": [run],
    }  # fmt: skip
    twins = " ".join(["0"] * (len(numbers) - 1) + ["1"])
    return {"format": 2, "twins": {"ff": twins}, "entries": [entry]}


def _refused(*arguments: object) -> str:
    return str(answer(*arguments, code=1)["error"])


def test_leaderboards_of_two_evaluations_are_merged(
    release: Path, nets: dict[str, Path], tmp_path: Path
) -> None:
    boards = []
    for place, (methods, sizes) in enumerate((("random,voxel", "8"), ("voxel,farthest_point", "8,4"))):
        answer(
            "evaluate", "--data", release, "--up", "z", "--net", nets["classification"], "-m", methods,
            "-n", sizes, "--seeds", "1", "-o", tmp_path / str(place),
        )  # fmt: skip
        boards.append(json.loads((tmp_path / str(place) / "leaderboard.json").read_text()))
    both = merged(boards)
    assert both == merged(reversed(boards))
    cells = [(entry["method"], entry["m"]) for entry in both["entries"]]
    assert sorted(cells) == [
        ("farthest_point", 4), ("farthest_point", 8), ("random", 8), ("voxel", 4), ("voxel", 8),
    ]  # fmt: skip
    at_8 = [entry["value"] for entry in both["entries"] if entry["m"] == 8]
    assert at_8 == sorted(at_8, reverse=True), "the best accuracy must come first"

    lie = json.loads(json.dumps(boards[1]))
    row = next(entry for entry in lie["entries"] if entry["method"] == "voxel")
    told = row["runs"][0]
    told["values"] = " ".join(str(1 - int(value)) for value in told["values"].split())
    row |= measurement(row["metric"], runs_in(row))
    with pytest.raises(ValueError, match="disagree on Voxel"):
        merged([boards[1], lie])
    with pytest.raises(ValueError, match="not a leaderboard"):
        merged([{"format": 0}])

    paths = [tmp_path / str(place) for place in range(2)]
    told = answer("leaderboard", *paths, "-o", tmp_path / "both.json")
    assert told == both == json.loads((tmp_path / "both.json").read_text())
    assert answer("leaderboard", tmp_path / "both.json", paths[1]) == both, "a merged one can be merged again"
    (tmp_path / "lie.json").write_text(json.dumps(lie))
    assert "disagree on Voxel" in _refused("leaderboard", paths[1], tmp_path / "lie.json")
    assert "both.json exists" in _refused("leaderboard", paths[0], "-o", tmp_path / "both.json")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "it holds no object"),
        ('{"format": 3, "entries": []}', "not a leaderboard of format 1 or 2"),
        ('{"format": 1, "entries": [3]}', "an entry of the leaderboard must be an object, not 3"),
        ('{"format": 1, "entries": [{}]}', "entry 0 of the leaderboard: task: Field required"),
        ('{"format": 2, "entries": [], "twins": null}', "twins: "),
        ("{", "Expecting property name"),
    ],
)
def test_a_file_that_is_no_leaderboard_is_refused_in_one_sentence(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "a.json").write_text(text)
    told = _refused("leaderboard", tmp_path / "a.json")
    assert "a.json: is not what apsnet evaluate writes" in told and why in told
    assert "cannot be read" in _refused("leaderboard", tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("changed", "agree"),
    [
        (lambda values: values * (1 + 3e-6), True),
        (lambda values: np.where(np.arange(200) < 2, values + 1, values), True),
        (lambda values: np.where(np.arange(200) < 3, values + 1, values), False),
        (lambda values: values * 1.01, False),
        (lambda values: values[:199], False),
    ],
)
def test_runs_of_one_network_on_two_machines_are_joined_if_they_agree(
    changed: Callable[[Float64], Float64], agree: bool
) -> None:
    values = np.random.default_rng(0).uniform(1, 40, 200)
    ours, theirs = (SeedRun(0, "net", "00", {}, each) for each in (values, changed(values)))
    if agree:
        assert joined_runs([ours, theirs], "NET") == [ours]
    else:
        with pytest.raises(ValueError, match="disagree on NET"):
            joined_runs([ours, theirs], "NET")


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (("entries", 0, "value"), 0.9, "'APSNet-G' at 8 points has value 0.9 in the leaderboard, where its"),
        (("entries", 0, "low"), None, "has low null in the leaderboard, where its runs give 0.2076"),
        (("entries", 0, "high"), 0.5, "has high 0.5 in the leaderboard, where its runs give 0.9385"),
        (("entries", 0, "seeds"), 2, "has seeds 2 in the leaderboard, where its runs give 1"),
        (("entries", 0, "weights"), "net", "has weights net in the leaderboard, where its runs give mine"),
        (("entries", 0, "weights_hash"), "34", "has weights_hash 34 in the leaderboard, where its runs"),
        (("twins", "ff"), "0 1", "twins of shapes do not match its number of shapes"),
        (("entries", 0, "m"), 8.5, "m: Input should be a valid integer"),
        (("entries", 0, "method"), None, "method: "),
        (("entries", 0, "value"), float("nan"), "value: Input should be a finite number"),
        (("entries", 0, "runs"), None, "runs: "),
        (("entries", 0, "runs", 0, "weights_hash"), "zz", "runs, 0, weights_hash: "),
        (("entries", 0, "runs", 0, "trained"), 3, "runs, 0, trained: "),
        (("entries", 0, "runs", 0, "values"), "1 0 nan", "invalid values of accuracy"),
        (("entries", 0, "runs", 0, "values"), "1 0 2", "invalid values of accuracy"),
        (("entries", 0, "runs", 0, "values"), "1 0 x", "could not convert"),
        (("entries", 0, "shapes"), 4, "needs one value for each shape"),
    ],
)
def test_a_damaged_leaderboard_is_refused_with_the_name_of_its_file(
    tmp_path: Path, place: tuple[str | int, ...], value: object, why: str
) -> None:
    board = board_of()
    inner: Any = board
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    (tmp_path / "a.json").write_text(json.dumps(board))
    told = _refused("leaderboard", tmp_path / "a.json", "--differences")
    assert "a.json: is not what apsnet evaluate writes" in told and why in told


def test_only_rows_of_one_task_net_and_data_are_ranked_together() -> None:
    """Rows of a copy of the data belong to the same table; equal labels get the digest of their weights."""
    mine, copied = board_of(values="1 1 0"), board_of(data="copy", digest="3456789abc", values="1 1 1")
    board = merged([mine, board_of(net="cd", values="0 0 1"), copied])
    tables = tables_of(board)
    assert list(tables) == [
        "classification, copy or shapes, 64 points, judged by pointnet ab",
        "classification, shapes, 64 points, judged by pointnet cd",
    ]
    first, second = tables.values()
    assert names_in(first) == ["APSNet-G 3456789a", "APSNet-G 12"] and names_in(second) == ["APSNet-G"]
    [pair] = paired(first, board["twins"])
    assert (pair.first, pair.second, pair.second_better) == ("APSNet-G 3456789a", "APSNet-G 12", 0)
    assert paired(second, board["twins"]) == []


def test_a_twin_found_by_one_evaluation_counts_in_any_order_of_merging() -> None:
    """One evaluation had the training data and could find twins, the other had not."""
    with_data, without = board_of(), board_of(digest="34")
    without["twins"]["ff"] = "0 0 0"
    found = [merged(boards) for boards in ([with_data, without], [without, with_data])]
    assert found[0] == found[1] and found[0]["twins"] == {"ff": "0 0 1"}
    without["twins"]["ff"] = "0 0"
    without["entries"] = []
    with pytest.raises(ValueError, match="for different numbers of shapes"):
        merged([with_data, without])


def test_a_leaderboard_without_single_runs_must_agree_too() -> None:
    board, older = board_of(), board_of()
    older["format"] = 1
    del older["twins"], older["entries"][0]["runs"]
    assert merged([board, older]) == merged([board])
    older["entries"][0]["value"] = 0.25
    with pytest.raises(ValueError, match=r"disagree on APSNet-G at 8 points: 0\.25 and 0\.666"):
        merged([board, older])


def test_rows_of_an_unknown_method_are_merged_too() -> None:
    board = board_of()
    board["entries"][0] |= {"method": "of_a_plugin", "variant": None, "label": "Of a plug-in"}
    assert [entry["label"] for entry in merged([board, board])["entries"]] == ["Of a plug-in"]


def test_one_shape_has_no_interval(tmp_path: Path) -> None:
    for name, value, digest in (("a", "0.5", "12"), ("b", "0.9", "34")):
        board = board_of(values=value, digest=digest, right=False)
        (tmp_path / f"{name}.json").write_text(json.dumps(board))
    told = said("leaderboard", "a.json", "b.json", "--differences", cwd=tmp_path).stdout
    assert [line.split()[-2:] for line in told.splitlines() if "mine" in line] == [
        ["0.50", "–"],
        ["0.90", "–"],
    ]
    assert told.endswith("APSNet-G 12 against APSNet-G 34 at 8 points: better by +0.40, p among all 1.00\n")

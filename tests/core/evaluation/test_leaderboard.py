"""Two people's leaderboards are one, unless they disagree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.leaderboard import merged
from apsnet_core.evaluation.table.measured import joined_runs
from apsnet_core.evaluation.table.seed_runs import SeedRun
from tests.core.cli.command import answer


def _refused(*arguments: object) -> str:
    return str(answer(*arguments, code=1)["error"])


def test_two_evaluations_are_one_leaderboard(release: Path, nets: dict[str, Path], tmp_path: Path) -> None:
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
    assert at_8 == sorted(at_8, reverse=True), "the best accuracy first"

    lie = json.loads(json.dumps(boards[1]))
    told = next(entry for entry in lie["entries"] if entry["method"] == "voxel")["runs"][0]
    told["values"] = " ".join(str(1 - int(value)) for value in told["values"].split())
    with pytest.raises(ValueError, match="disagree on Voxel"):
        merged([boards[1], lie])
    with pytest.raises(ValueError, match="no leaderboard"):
        merged([{"format": 0}])

    paths = [tmp_path / str(place) for place in range(2)]
    told = answer("leaderboard", *paths, "-o", tmp_path / "both.json")
    assert told == both == json.loads((tmp_path / "both.json").read_text())
    assert answer("leaderboard", tmp_path / "both.json", paths[1]) == both, "what is merged can be merged"
    (tmp_path / "lie.json").write_text(json.dumps(lie))
    assert "disagree on Voxel" in _refused("leaderboard", paths[1], tmp_path / "lie.json")
    assert "both.json exists" in _refused("leaderboard", paths[0], "-o", tmp_path / "both.json")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "it holds no object"),
        ('{"format": 3, "entries": []}', "no leaderboard of format 2"),
        ('{"format": 1, "entries": [3]}', "an entry of the leaderboard is 3"),
        ('{"format": 1, "entries": [{}]}', "has no task"),
        ("{", "Expecting property name"),
    ],
)
def test_what_is_no_leaderboard_is_one_sentence(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.json").write_text(text)
    said = _refused("leaderboard", tmp_path / "a.json")
    assert "a.json: is not what apsnet evaluate writes" in said and why in said
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
def test_one_network_measured_on_two_machines_is_one_run_but_for_rounding(
    changed: Callable[[Float64], Float64], agree: bool
) -> None:
    values = np.random.default_rng(0).uniform(1, 40, 200)
    ours, theirs = (SeedRun(0, "net", "00", {}, each) for each in (values, changed(values)))
    if agree:
        assert joined_runs([ours, theirs], "NET") == [ours]
    else:
        with pytest.raises(ValueError, match="disagree on NET"):
            joined_runs([ours, theirs], "NET")

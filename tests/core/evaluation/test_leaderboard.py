"""Two people's leaderboards are one, unless they disagree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from apsnet_core.evaluation.table.leaderboard import merged
from tests.core.cli.command import answer


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
    next(entry for entry in lie["entries"] if entry["method"] == "voxel")["value"] += 0.5
    with pytest.raises(ValueError, match="disagree on voxel"):
        merged([boards[1], lie])
    with pytest.raises(ValueError, match="no leaderboard"):
        merged([{"format": 0}])

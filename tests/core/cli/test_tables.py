"""Tables in a narrow terminal: long names are wrapped, and no number is cut."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.cli.app import run
from tests.core.cli.shapes import cloud


def _printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with patch.object(sys, "argv", ["apsnet", *words]):
        assert run(words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["compare", "evaluate"])
def test_long_names_are_wrapped_and_numbers_stay_whole(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    weights = tmp_path / ("a-folder-with-a-name-wider-than-a-column" * 2) / "of-8-points.safetensors"
    weights.parent.mkdir()
    weights.symlink_to(asset("weights", "classification-samplenet-8.safetensors"))
    what = {
        "compare": [str(cloud(tmp_path / "c.xyz"))],
        "evaluate": ["--data", "furniture", "--classes", "sofa", "--seeds", "2"],
    }[command]
    methods = f"random,samplenet:m@{weights}"
    told = _printed([command, *what, "-m", methods, "-n", "8", "-o", str(tmp_path / "report")], capsys)
    figures = {"compare": r"Coverage +Time", "evaluate": r"Random +[\d.]+ ± [\d.]+ *$"}[command]
    assert re.search(figures, told, re.MULTILINE), told
    first_column = "".join(line.split("  ")[0].lstrip() for line in told.splitlines())
    assert weights.name in first_column, told


def test_columns_that_do_not_fit_are_shown_in_a_further_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table of a scan is too wide for a terminal: all numbers are shown, with their method and size."""
    rng = np.random.default_rng(0)
    points = np.c_[rng.uniform(0, 50, (3000, 2)), rng.random(3000), rng.choice([2, 6], 3000)]
    np.savetxt(tmp_path / "s.csv", points, delimiter=",", header="x,y,z,classification", comments="")
    words = ["compare", str(tmp_path / "s.csv"), "-m", "random,farthest_point", "-n", "50", "--by", "tiles"]
    data = {}
    for columns in ("60", "80", "120", "300"):
        monkeypatch.setenv("COLUMNS", columns)
        told = _printed(words, capsys)
        lines = [line for line in told.splitlines() if line.startswith(" ●")]
        heads = {word for line in told.splitlines() for word in line.split()}
        assert "…" not in told and {"Coverage", "Unevenness", "Class", "Plane"} <= heads
        assert all(re.match(r" ● (Random|Farthest point) +50 ", line) for line in lines), told
        data[columns] = len(lines)
        assert max(map(len, (line for line in told.splitlines() if "●" in line))) <= int(columns)
    assert data["300"] == 2 < data["120"] <= data["80"] <= data["60"]


def test_sizes_that_do_not_fit_are_shown_in_a_further_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    words = ["evaluate", "--data", "furniture", "--classes", "sofa", "--seeds", "2", "--shapes", "3"]
    words += ["-m", "random", "-n", "8,9,10,11,12,13", "-o", str(tmp_path / "report")]
    told = _printed(words, capsys)
    assert "…" not in told and "m = 13" in told
    assert len(re.findall(r"[\d.]+ ± [\d.]+(?= )", told)) == 6

"""Tables in a narrow terminal: names are folded, and no figure is cut."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from apsnet_core.assets import asset
from apsnet_core.cli.app import run
from tests.core.cli.shapes import cloud


def _printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with patch.object(sys, "argv", ["apsnet", *words]):
        assert run(words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["compare", "evaluate"])
def test_a_long_name_is_folded_and_figures_stay_whole(
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

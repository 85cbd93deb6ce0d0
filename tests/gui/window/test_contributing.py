"""Every example of CONTRIBUTING.md works in shell, comparison, evaluation, report and window."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from apsnet_core import plugins
from apsnet_core.cli.app import run
from apsnet_core.files import formats, readable
from apsnet_core.files.format import Format
from apsnet_core.methods import registry as methods
from apsnet_core.methods.method import Method
from apsnet_core.tasks import Task
from apsnet_core.tasks import registry as tasks
from apsnet_core.weights import user_weights
from apsnet_gui.colourings import registry as colourings
from apsnet_gui.colourings.colouring import Colouring
from apsnet_gui.comparison.methods import offered
from tests.core.cli.command import ROOT
from tests.core.weights.files import write
from tests.gui.methods import place_of, specs

from .conftest import OpenWindow, settle

TABLES: dict[type, Callable[[], tuple[Any, ...]]] = {
    Method: methods.methods,
    Task: tasks.tasks,
    Format: formats.formats,
    Colouring: colourings.colourings,
}
UNREGISTER: dict[type, Callable[[str], None]] = {
    Method: methods.unregister,
    Task: tasks.unregister,
    Format: formats.unregister,
    Colouring: colourings.unregister,
}
OWN = "outermost,blobs:g,blobs:m"


@pytest.fixture(autouse=True)
def rows(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The rows that the page's code blocks define, by name; each block is a plug-in file during a test."""
    monkeypatch.setenv(plugins.FILES, "")
    before = {kind: set(rows_of()) for kind, rows_of in TABLES.items()}
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    for i, block in enumerate(blocks):
        (tmp_path / f"block_{i}.py").write_text(block)
        plugins.add_file(tmp_path / f"block_{i}.py")
    added = {kind: set(rows_of()) - before[kind] for kind, rows_of in TABLES.items()}
    found = {row.name: row for rows in added.values() for row in rows}
    assert len(found) == len(blocks) and not plugins.troubles()
    write(user_weights() / "mine.safetensors", "blobs", method="blobs", sizes=[8])
    write(user_weights() / "reach.safetensors", "reachnet", task="reach")
    yield found
    for kind, rows in added.items():
        for row in rows:
            UNREGISTER[kind](row.name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of 300 points in the format that the page defines."""
    points = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float16)
    (tmp_path / "cloud.half").write_bytes(points.tobytes())
    return tmp_path / "cloud.half"


def test_the_page_has_an_example_of_each_kind(rows: dict[str, Any]) -> None:
    assert {type(row) for row in rows.values()} == set(TABLES)
    assert {row.learned for row in rows.values() if isinstance(row, Method)} == {True, False}


def test_the_examples_work_in_the_shell(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*words: str | Path) -> Any:
        assert run([*map(str, words), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    monkeypatch.setenv("COLUMNS", "200")
    assert run(["sample", "--help"]) == 0
    assert {"outermost", "blobs"} <= set(re.findall(r"\w+", capsys.readouterr().out))
    sampled = told("sample", file, "-m", "outermost", "-n", "5", "-o", tmp_path / "s.half")
    points = np.fromfile(file, np.float16).reshape(-1, 3).astype(np.float64)
    distance = np.linalg.norm(points - points.mean(0), axis=1)
    assert sampled["index"] == np.argsort(-distance)[:5].tolist()
    np.testing.assert_array_equal(
        np.fromfile(tmp_path / "s.half", np.float16).reshape(-1, 3), points[sampled["index"]]
    )

    words = ("-m", OWN, "-n", "8", "--task", "classification")
    compared = told("compare", file, *words, "-o", tmp_path / "report")
    assert [(row["method"], row["variant"]) for row in compared["rows"]] == [
        ("outermost", None), ("blobs", "g"), ("blobs", "m"),
    ]  # fmt: skip
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert {"Outermost", "Blobs-G", "#aa4499"} <= set(re.findall(r"[#\w-]+", page))

    table = told("evaluate", "--data", "furniture", "--shapes", "4", *words, "-o", tmp_path / "table")
    assert {row["method"] for row in table["rows"]} == {"outermost", "blobs"}
    page = (tmp_path / "table" / "index.html").read_text(encoding="utf-8")
    assert {"Outermost", "Blobs-G"} <= set(re.findall(r"[#\w-]+", page))

    words = ("-m", "outermost", "-n", "8", "--task", "reach")
    compared = told("compare", file, *words, "-o", tmp_path / "reach")
    assert [row["metric"] for row in compared["rows"]] == ["reach_error"]
    assert "Reach error" in (tmp_path / "reach" / "index.html").read_text(encoding="utf-8")
    table = told("evaluate", "--data", "furniture", "--shapes", "4", *words, "-o", tmp_path / "reached")
    assert table["metric"] == "reach_error"


def texts(combo: QComboBox) -> set[str]:
    return {combo.itemText(i) for i in range(combo.count())}


def test_the_examples_work_in_the_window(qtbot: QtBot, open_window: OpenWindow, file: Path) -> None:
    assert ".half" in readable()
    window = open_window(str(file))
    session = window.session
    assert session.document.active is not None and session.document.active.count == 300
    assert {"Outermost", "Blobs"} <= texts(window.sampling.method)
    assert "Reach" in texts(window.sampling.task)

    session.change("Colour", session.document.with_entry(session.document.active.id, colouring="slices"))
    mine = specs("outermost", "blobs:g", "blobs:m")
    settle(qtbot, window)
    assert set(mine) <= set(offered(window.weights_list, session.document.choice))
    session.replace_all(session.document.with_choice(m=8).with_lineup(methods=mine, shown=True), None, None)
    settle(qtbot, window)
    for text in OWN.split(","):
        part = window.results.parts[place_of(text)]
        assert part.problem is None and part.row is not None and part.row.m == 8
    window.sampling.choose(task="reach")
    settle(qtbot, window)
    part = window.results.parts[place_of("outermost")]
    assert part.row is not None and part.row.verdict is not None
    assert part.row.verdict.metric.name == "reach_error"
    assert [cell.header.name.text() for cell in window.grid.ordered] == ["Outermost", "Blobs-G", "Blobs-M"]

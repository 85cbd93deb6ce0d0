"""A registered task works everywhere: in training, comparison, evaluation, report and command line."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import apsnet_core
from apsnet_core.cli.app import run
from apsnet_core.tasks import registry
from apsnet_core.tasks.classification import CLASSIFICATION
from apsnet_core.training.run_training import start
from apsnet_core.weights import load, load_with_familiarity
from tests.core.tasks.height import HEIGHT
from tests.core.training.small import config, shape, write_release


@pytest.fixture
def height() -> Iterator[None]:
    registry.register(HEIGHT)
    yield
    registry.unregister("height")


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    """Return the --json output of a command, run in this process because the task is registered here."""
    assert run([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("height")
def test_a_registered_task_is_trained_compared_and_evaluated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APSNET_RUNS", str(tmp_path / "runs"))
    write_release(tmp_path / "release")
    how: dict[str, Any] = {"task": "height", "optimisation__learning_rate": 0.05}
    net = config(tmp_path, model="task", sizes=[], task_weights=None, optimisation__epochs=20, **how)
    start(net, tmp_path / "runs/net")
    network, metadata, familiar = load_with_familiarity(tmp_path / "runs/net/best.safetensors")
    assert network.get_parameter("scale").item() == pytest.approx(1, abs=0.05)
    assert (metadata.architecture, metadata.task) == ("heightnet", "height") and familiar is not None
    for model in ("apsnet", "apsnet_kd"):
        sampler = config(tmp_path, model=model, task_weights="net", optimisation__epochs=1, **how)
        start(sampler, tmp_path / f"runs/{model}")
    assert load(tmp_path / "runs/apsnet_kd/best.safetensors")[1].task_weights == "net"

    np.save("shape.npy", shape(1, 7))
    compared = said(
        capsys, "compare", "shape.npy", "-m", "voxel,apsnet:m", "-n", "4,64", "--task", "height", "--up", "y",
        "-o", "report",
    )  # fmt: skip
    assert compared["remark"].startswith("The shape is") and compared["task_net"] == "net"
    assert [row["metric"] for row in compared["rows"]] == ["height_error"] * 4
    assert compared["rows"][1]["value"] == pytest.approx(0, abs=1e-6)  # all 64 points
    assert "Height error" in Path("report/index.html").read_text()

    table = said(
        capsys, "evaluate", "--data", "release", "--task", "height", "-m", "farthest_point,apsnet:m",
        "-n", "4", "--seeds", "1", "-o", "table",
    )  # fmt: skip
    assert table["metric"] == "height_error" and all(row["published"] is None for row in table["rows"])
    assert not any("paper" in note for note in table["notes"])
    assert "Error of the height" in Path("table/index.html").read_text()
    assert "The paper" not in Path("table/table.md").read_text()


@pytest.mark.usefixtures("height")
def test_a_registered_task_is_listed_in_the_help_and_in_the_error_for_a_wrong_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["sample", "--help"]) == 0
    assert "registration, height" in " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert run(["sample", "x.ply", "-m", "apsnet", "-n", "8", "--task", "width"]) == 2
    assert "the tasks are classification, reconstruction, registration, height" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "classification"}, "a task named 'classification' already"),
        ({"name": "My task"}, "is not a task name"),
        ({"architecture": "pcae"}, "a task net 'pcae' already, for reconstruction"),
        ({"metric": replace(CLASSIFICATION.metric, higher=False)}, "another metric named 'accuracy'"),
        ({"say": None}, "has no `say`"),
        ({"full_metric": CLASSIFICATION.metric}, "one is better if higher, the other if lower"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        registry.register(replace(HEIGHT, **changes))
    assert "height" not in [row.name for row in registry.tasks()]


def test_no_package_outside_tasks_mentions_a_task_by_its_name() -> None:
    names = {row.name for row in registry.tasks()}
    core = Path(apsnet_core.__file__).parent
    found = [
        f"{path}:{node.lineno}"
        for room in (core, core.parent / "apsnet_gui")
        for path in room.rglob("*.py")
        # LAS files have a field named classification.
        if not {"tasks", "las"} & set(path.parts) and path.parts[-2:] != ("colours", "classes.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert found == []

"""`apsnet compare --task` with the shipped weights adds the task net's number to each sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from apsnet_core.assets import asset
from apsnet_core.cli.compare import compare as command
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn, perturbed
from apsnet_core.evaluation.comparison.registration_target import turned
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.normalise import frame_of
from apsnet_core.tasks.answer import in_words
from apsnet_core.weights import load
from tests.core.cli.command import answer, said, sentence
from tests.core.cli.shapes import cloud


def test_the_number_in_the_table_is_that_of_the_net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = cloud(tmp_path / "c.xyz")
    run = ["compare", path, "-m", "voxel,apsnet", "-n", "200", "--task", "classification", "--up", "z"]
    found = answer(*run)
    row = found["rows"][0]
    network, metadata = load(asset("weights", "classification-pointnet.safetensors"))
    assert metadata.up == "z"
    points = np.loadtxt(path).astype(np.float32)
    with torch.no_grad():
        seen = frame_of(points, metadata.normalisation).apply(points)
        probabilities = network(torch.from_numpy(seen)[None])[0].double().softmax(-1).numpy()
    # The sample has all 200 points, so the net gives the same answer as for the whole cloud.
    assert row["metric"] == "probability"
    assert row["answer"] == row["whole"] == metadata.classes[int(probabilities.argmax())]
    assert row["value"] == pytest.approx(probabilities.max(), abs=1e-4)
    assert in_words(row["whole"]) in found["remark"]
    monkeypatch.setenv("COLUMNS", "200")  # wide enough for a heading in one line
    assert f"As {in_words(row['whole'])}" in said(*run).stdout


def test_the_answer_does_not_depend_on_the_up_axis(tmp_path: Path) -> None:
    """The clouds are rotated only about x, so that they keep their heading."""
    points = np.loadtxt(cloud(tmp_path / "c.xyz"))
    x, y, z = points.T
    laid = {
        "y": (x, z, -y),
        "-z": (x, -y, -z),
        "-y": (x, -z, y),
        "0,-0.6,0.8": (x, 0.8 * y - 0.6 * z, 0.6 * y + 0.8 * z),
    }
    run = ["-m", "random", "-n", "200", "--task", "classification", "--up"]
    standing = answer("compare", tmp_path / "c.xyz", *run, "z")["rows"][0]
    for up, columns in laid.items():
        np.savetxt(tmp_path / "laid.xyz", np.stack(columns, axis=1))
        row = answer("compare", tmp_path / "laid.xyz", *run, up)["rows"][0]
        assert row["answer"] == standing["answer"] and row["value"] == pytest.approx(
            standing["value"], abs=1e-3
        ), up
    assert "auto guesses it" in sentence("compare", tmp_path / "c.xyz", *run, "down", code=2)


@pytest.mark.parametrize(("shape", "unlike"), [("chair", False), ("umbrella", True)])
def test_a_shape_unlike_the_training_gets_a_warning(
    shape: str, unlike: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    found = command(asset("shapes", f"{shape}.obj"), methods="random", sizes="8", task="classification")
    assert bool(found.data["warning"]) == unlike
    found.show()
    printed = capsys.readouterr().out.splitlines()
    warnings = [line for line in printed if line.startswith("This shape is unlike the shapes that ")]
    assert warnings == ([found.data["warning"]] if unlike else [])


def test_a_registration_is_evaluated_by_the_known_rotation_of_a_copy(tmp_path: Path) -> None:
    path = cloud(tmp_path / "c.xyz")
    out, task = tmp_path / "report", "registration"
    found = answer("compare", path, "-m", "farthest_point,apsnet:m", "-n", "8,200", "--task", task, "-o", out)
    assert [row["metric"] for row in found["rows"]] == ["rotation_error"] * 4
    page = (out / "index.html").read_text()
    assert found["remark"] in page and found["warning"] in page
    assert f"{found['rows'][1]['value']:.1f}°" in found["remark"]


def test_the_cloud_and_its_copy_are_changed_as_given(tmp_path: Path) -> None:
    path = cloud(tmp_path / "c.xyz")
    run = ["compare", path, "-m", "farthest_point", "-n", "32", "--up", "z"]
    changed = [*run, "--noise", "2", "--drop", "50", "--rotate", "0,0,30"]
    shape, _ = open_cloud(path)
    less = perturbed(shape, Perturbation(2, 50, (0, 0, 30)))
    found = answer(*changed, "--task", "registration", "--copy-turn", "5,0,-20", "--copy-noise", "1")
    method, copy = [MethodSpec.parse("farthest_point")], turned(less, 0, Turn((5, 0, -20), noise=1))
    [row] = compare(less, method, [32], task="registration", up="z", copy=copy).rows
    assert (found["points"], found["change"]) == (
        100,
        "2\u202f% noise, 50\u202f% dropped, turned by 0°, 0°, 30°",
    )
    assert found["rows"][0]["chamfer"] == pytest.approx(row.chamfer)
    assert row.verdict is not None
    assert found["rows"][0]["value"] == pytest.approx(row.verdict.value)
    other = answer(*run, "--task", "registration", "--copy", cloud(tmp_path / "d.xyz", seed=1))
    assert other["rows"][0]["metric"] == "misfit"
    assert "three angles" in said(*run, "--rotate", "30").stderr

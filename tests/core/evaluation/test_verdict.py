"""The task net's number for each sample, and for registration the rotated copy that it is asked about."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from apsnet_core.evaluation.answers import register
from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.registration_target import turned
from apsnet_core.evaluation.comparison.report import About, write_report
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.weights import WeightsError
from tests.core.clouds import some_cloud
from tests.core.weights.files import write
from tests.narrow import present

VOXEL = [MethodSpec.parse("voxel")]


def test_the_rotation_of_a_turned_copy_maps_it_back_to_the_cloud() -> None:
    cloud = some_cloud()
    copy = turned(cloud, seed=4)
    rotation = present(copy.rotation)
    mean = cloud.xyz.mean(0, dtype=np.float64)
    assert np.linalg.det(rotation) == pytest.approx(1)
    back = (copy.cloud.xyz - mean) @ rotation.T + mean
    np.testing.assert_allclose(back, cloud.xyz.astype(np.float64), atol=1e-4)
    angles = np.rad2deg(Rotation.from_matrix(rotation.T).as_euler("xyz"))
    assert (np.abs(angles) <= 45).all()
    assert copy.degrees == pytest.approx(np.rad2deg(Rotation.from_matrix(rotation).magnitude()))
    np.testing.assert_array_equal(turned(cloud, seed=4).cloud.xyz, copy.cloud.xyz)
    assert not np.allclose(turned(cloud, seed=5).cloud.xyz, copy.cloud.xyz)


@pytest.mark.parametrize(
    ("task", "network", "metric", "title"),
    [
        ("classification", "pointnet", "probability", "As "),
        ("reconstruction", "pcae", "nre", "NRE"),
        ("registration", "pcrnet", "rotation_error", "Rotation error"),
    ],
)
def test_each_task_has_its_column_and_remark_in_a_comparison(
    shelves: Path, task: str, network: str, metric: str, title: str
) -> None:
    write(shelves / "shipped" / f"{network}.safetensors", network)
    comparison = compare(some_cloud(), VOXEL, [8, 90], task=task, up="z")
    assert [row.as_dict()["metric"] for row in comparison.rows] == [metric] * 2
    assert columns_of(comparison.rows)[-1].title.startswith(title)
    assert comparison.remark
    whole = comparison.rows[1].as_dict()
    if task == "classification":  # a sample of all 90 points gives the same answer as the cloud
        assert whole["answer"] == whole["whole"]
    if task == "reconstruction":
        assert whole["value"] == pytest.approx(1, abs=1e-4)
    if task == "registration":
        assert f"{whole['value']:.1f}°" in comparison.remark


@pytest.mark.parametrize(("method", "seed"), [("random", 5), ("random#3", 3)])
def test_a_copy_is_not_sampled_at_the_points_of_the_cloud(shelves: Path, method: str, seed: int) -> None:
    write(shelves / "shipped" / "pcrnet.safetensors", "pcrnet")
    cloud, spec = some_cloud(), MethodSpec.parse(method)
    copy = turned(cloud, 5)
    comparison = compare(cloud, [spec], [8], seed=5, task="registration", up="z", copy=copy)
    (own,) = comparison.samplings
    rows = np.random.default_rng(seed ^ 2**62).choice(len(cloud), 8, replace=False)
    other = replace(own, points=copy.cloud.xyz[rows], indices=rows)
    expected = register(present(comparison.judge), cloud, copy.cloud, (own, other), copy.rotation, "z")
    assert present(comparison.rows[0].verdict).value == pytest.approx(present(expected.error), abs=1e-3)


def test_a_known_label_is_part_of_the_verdict(shelves: Path) -> None:
    write(shelves / "shipped" / "pointnet.safetensors", "pointnet")
    cloud = replace(some_cloud(), label="lamp")
    [row] = compare(cloud, VOXEL, [8], task="classification", up="z").rows
    assert row.verdict is not None and row.verdict.label == row.as_dict()["label"] == "lamp"


def test_the_report_names_the_weights_of_every_size_and_the_task_net(shelves: Path, tmp_path: Path) -> None:
    write(shelves / "shipped" / "net.safetensors", "pointnet")
    write(shelves / "shipped" / "joint.safetensors", "apsnet")
    for m in (8, 16):
        write(shelves / "shipped" / f"one-{m}.safetensors", "samplenet", sizes=[m])
    specs = [MethodSpec.parse(text) for text in ("random", "samplenet", "apsnet")]
    comparison = compare(some_cloud(), specs, [8, 16], task="classification", up="z")
    write_report(comparison, tmp_path, About("x.ply", 90, "apsnet compare x.ply", 0))
    page = (tmp_path / "index.html").read_text()
    used = re.findall(r"<tr><th>([^<]*)</th><td class=words>([^<]*)</td><td[^>]*><code>([0-9a-f]{64})<", page)
    assert [line[:2] for line in used] == [
        ("SampleNet-M", "one-8 for 8"),
        ("SampleNet-M", "one-16 for 16"),
        ("APSNet-G", "joint"),
        ("Task net", "net"),
    ]
    assert len({digest for *_, digest in used}) == 4
    table = json.loads((tmp_path / "table.json").read_text())
    named = [None, None, "one-8", "one-16", "joint", "joint"]
    assert (table["task_net"], [row["weights"] for row in table["rows"]]) == ("net", named)


@pytest.mark.parametrize("task", ["classification", "reconstruction", "registration"])
def test_without_a_task_net_the_error_says_how_to_get_one(shelves: Path, task: str) -> None:
    with pytest.raises(WeightsError, match="has no task net: train some"):
        compare(some_cloud(), VOXEL, [4], task=task)

"""The answers of the task nets, transformed to the coordinates of the cloud."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation import answers
from apsnet_core.evaluation.answers import TaskNet, answer, register, task_net
from apsnet_core.methods.working_rows import working_rows
from apsnet_core.networks.pcrnet import Pose
from apsnet_core.networks.view import view_of
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.classification import Classification
from apsnet_core.tasks.reconstruction import Reconstruction
from apsnet_core.tasks.registration import Registration
from apsnet_core.weights import WeightsError
from tests.core.clouds import some_cloud
from tests.core.weights.files import metadata, write
from tests.narrow import of_kind, present


@pytest.fixture(autouse=True)
def weights(shelves: Path) -> Path:
    for architecture in ("pointnet", "pcae", "pcrnet"):
        write(shelves / "shipped" / f"{architecture}.safetensors", architecture)
    return shelves / "shipped"


def sampling_of(cloud: PointCloud, m: int) -> Sampling:
    rows = np.arange(m)
    return Sampling(cloud.xyz[rows], rows, "first", m, 0, 0.0)


def normalised(points: np.ndarray, cloud: PointCloud) -> np.ndarray:
    xyz = cloud.xyz.astype(np.float64)
    return np.asarray((points - xyz.mean(0)) / np.linalg.norm(xyz - xyz.mean(0), axis=1).max())


def ask(net: TaskNet, points: np.ndarray) -> Any:
    with torch.no_grad():
        return net.network(torch.from_numpy(points).float()[None])[0].double().numpy()


def test_the_likeliest_classes_come_first_with_their_probabilities() -> None:
    net, cloud = task_net("classification"), some_cloud()
    sampling = sampling_of(cloud, 12)
    for found, points in [
        (of_kind(Classification, answer(net, cloud, up="z")), cloud.xyz),
        (of_kind(Classification, answer(net, cloud, sampling, "z")), sampling.points),
    ]:
        logits = ask(net, normalised(points, cloud))
        np.testing.assert_allclose(found.probabilities, np.exp(logits) / np.exp(logits).sum(), atol=1e-4)
        top = found.top()
        assert sorted(name for name, _ in top) == ["chair", "lamp", "table"]
        assert [p for _, p in top] == sorted(found.probabilities, reverse=True)
        assert found.top(1)[0][0] == ["chair", "table", "lamp"][int(logits.argmax())]


@pytest.mark.parametrize(("trained", "n", "seen"), [(64, 3000, 2048), (64, 90, 90), (2500, 3000, 2500)])
def test_the_net_gets_at_most_2048_points_of_a_cloud_or_as_many_as_it_was_trained_with(
    weights: Path, trained: int, n: int, seen: int
) -> None:
    write(weights / "pointnet.safetensors", "pointnet", points=trained)
    net, cloud = task_net("classification"), some_cloud(n)
    shapes: list[tuple[int, ...]] = []
    hook = net.network.register_forward_pre_hook(lambda _, given: shapes.append(tuple(given[0].shape)))
    try:
        answer(net, cloud, up="z")
        answer(net, cloud, sampling_of(cloud, 12), "z")
    finally:
        hook.remove()
    assert shapes[0] == (1, seen, 3) and shapes[-1] == (1, 12, 3)


def test_the_misfit_of_large_clouds_is_computed_on_working_subsets() -> None:
    net, cloud, source = task_net("registration"), some_cloud(3000), some_cloud(3000, seed=1)
    found = register(net, cloud, source, up="z")
    some = [points[present(working_rows(points, 2048))] for points in (cloud.xyz, found.aligned)]
    squared = cdist(some[0], some[1], "sqeuclidean")
    assert found.misfit == pytest.approx(squared.min(0).mean() + squared.min(1).mean(), rel=1e-4)


def test_a_cloud_is_turned_to_the_up_axis_of_the_net() -> None:
    net, standing = task_net("classification"), some_cloud()
    x, y, z = standing.xyz.T
    lying = PointCloud(np.stack([x, z, -y], axis=1))
    turned = of_kind(Classification, answer(net, lying, up="y"))
    as_it_is = of_kind(Classification, answer(net, standing, up="z"))
    np.testing.assert_allclose(turned.probabilities, as_it_is.probabilities, atol=1e-5)


def test_a_reconstruction_is_in_the_coordinates_of_the_cloud() -> None:
    net, cloud = task_net("reconstruction"), some_cloud()
    sampling = sampling_of(cloud, 12)
    whole, found = (of_kind(Reconstruction, answer(net, cloud, what, "z")) for what in (None, sampling))
    assert whole.nre == 1
    rebuilt = ask(net, normalised(sampling.points, cloud))
    xyz = cloud.xyz.astype(np.float64)
    radius = np.linalg.norm(xyz - xyz.mean(0), axis=1).max()
    np.testing.assert_allclose(found.points, rebuilt * radius + xyz.mean(0), atol=1e-3)
    squared = cdist(normalised(cloud.xyz, cloud), rebuilt, "sqeuclidean")
    assert found.chamfer == pytest.approx(squared.min(0).mean() + squared.min(1).mean(), rel=1e-4)
    assert found.nre == pytest.approx(found.chamfer / whole.chamfer, rel=1e-4)


class KnowsTheTurn(torch.nn.Module):
    """A registration net that always answers with the given rotation and shift."""

    def __init__(self, rotation: Rotation, shift: list[float]) -> None:
        super().__init__()
        x, y, z, w = rotation.as_quat()
        self.pose = Pose(torch.tensor([[w, x, y, z]]).float(), torch.tensor([shift]).float())

    def forward(self, template: torch.Tensor, source: torch.Tensor) -> Pose:
        assert template.shape[-1] == source.shape[-1] == 3
        return self.pose


@pytest.mark.parametrize("up", ["y", "z"])
def test_the_right_pose_aligns_the_source_with_the_template(up: Any) -> None:
    # The net expects z up; a cloud with y up is turned for the net and the answer is turned back.
    true = Rotation.from_euler("xyz", [20, -35, 10], degrees=True)
    into_net = Rotation.from_euler("x", 90 if up == "y" else 0, degrees=True)
    source = some_cloud()
    template = PointCloud(np.add(true.apply(source.xyz), [1, 2, 3]).astype(np.float32))
    net = TaskNet("wise", KnowsTheTurn(into_net * true * into_net.inv(), [0, 0, 0]), metadata("pcrnet"))
    found = register(net, template, source, rotation=true.as_matrix(), up=up)
    np.testing.assert_allclose(found.aligned, template.xyz, atol=1e-3)
    np.testing.assert_allclose(found.rotation, true.as_matrix(), atol=1e-6)
    np.testing.assert_allclose(source.xyz @ found.rotation.T + found.translation, found.aligned, atol=1e-4)
    assert found.error == pytest.approx(0, abs=1e-3)
    wrong = Rotation.from_rotvec([0, 0, 0.5]) * true
    error = register(net, template, source, rotation=wrong.as_matrix(), up=up).error
    assert error == pytest.approx(np.rad2deg(0.5), abs=1e-3)


def test_a_registration_by_samplings_gives_the_net_the_samples() -> None:
    net, template, source = task_net("registration"), some_cloud(), some_cloud(seed=1)
    samplings = sampling_of(template, 16), sampling_of(source, 16)
    found = register(net, template, source, samplings)
    assert found.error is None
    assert not np.allclose(found.rotation, register(net, template, source).rotation)
    np.testing.assert_allclose(found.rotation @ found.rotation.T, np.eye(3), atol=1e-5)


def test_a_net_is_loaded_once_until_its_file_changes(weights: Path) -> None:
    first = task_net("classification")
    assert task_net("classification") is first
    write(weights / "pointnet.safetensors", "pointnet", seed=5)
    assert task_net("classification") is not first


def test_a_task_without_its_net_or_second_cloud_is_refused(weights: Path) -> None:
    with pytest.raises(ValueError, match="needs two clouds"):
        answer(task_net("registration"), some_cloud())
    (weights / "pcae.safetensors").unlink()
    with pytest.raises(WeightsError, match="reconstruction has no task net"):
        task_net("reconstruction")


def test_answer_serves_classification_and_reconstruction() -> None:
    cloud = some_cloud()
    assert of_kind(Classification, answer(task_net("classification"), cloud)).top(1)
    rebuilt = of_kind(Reconstruction, answer(task_net("reconstruction"), cloud))
    assert rebuilt.points.shape == (2048, 3)


def test_a_registration_states_its_error_or_its_misfit() -> None:
    pose = np.eye(3), np.zeros(3), np.zeros((4, 3), np.float32)
    known, unknown = Registration(*pose, 12.34), Registration(*pose, None, 0.25)
    assert known.of_all_points() == "From all points of both clouds: 12.3° off."
    assert known.caption(8) == "12.3° off\nby 8 points of each cloud"
    assert unknown.caption(1) == "misfit 0.25\nby 1 point of each cloud"


def test_the_view_of_a_cloud_is_computed_once_for_all_its_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    net, cloud = task_net("classification"), some_cloud(3000)
    asked: list[PointCloud] = []

    def counted(of: PointCloud, *rest: Any) -> Any:
        asked.append(of)
        return view_of(of, *rest)

    monkeypatch.setattr(answers, "view_of", counted)
    first = [answer(net, cloud, sampling_of(cloud, m), "z") for m in (12, 40)]
    assert len(asked) == 1
    again = answer(net, replace(cloud), sampling_of(cloud, 40), "z")
    assert len(asked) == 2
    assert of_kind(Classification, first[1]).top() == of_kind(Classification, again).top()
    answer(net, cloud, sampling_of(cloud, 40), "x")
    assert len(asked) == 3, "another up axis needs another view"

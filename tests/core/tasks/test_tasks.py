"""Sizes, losses and metrics of the task nets; weights/test_published.py tests their outputs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation
from torch import Tensor, nn

from apsnet_core.networks.pcae import PCAE
from apsnet_core.networks.pcrnet import PCRNet, Pose
from apsnet_core.networks.pointnet import PointNet, Transforms, transform_regulariser
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.classification import CLASSIFICATION, classification_loss
from apsnet_core.tasks.reconstruction import normalised_reconstruction_error, reconstruction_loss
from apsnet_core.tasks.registration import registration_loss, rotation_error
from tests.core.small_networks import clouds, randomised


@pytest.mark.parametrize(
    ("network", "count"), [(PointNet(40), 3_471_473), (PCAE(), 1_770_240), (PCRNet(), 4_217_351)]
)
def test_numbers_of_parameters_of_the_task_nets_are_the_published_ones(
    network: nn.Module, count: int
) -> None:
    assert sum(parameter.numel() for parameter in network.parameters()) == count


def test_outputs_of_the_task_nets_have_the_expected_shapes() -> None:
    points = clouds(2, 33)
    pointnet, pcrnet = randomised(PointNet(5)), randomised(PCRNet())
    assert pointnet(points).shape == (2, 5)
    features, transforms = pointnet.features(points)
    assert features.shape == (2, 1024)
    assert transforms.points.shape == (2, 3, 3) and transforms.features.shape == (2, 64, 64)
    assert randomised(PCAE())(points).shape == (2, 2048, 3)
    pose = pcrnet(points, clouds(2, 20, seed=1))
    assert pose.translation.shape == (2, 3)
    torch.testing.assert_close(pose.quaternion.norm(dim=-1), torch.ones(2))


def test_the_regulariser_measures_how_far_a_transform_is_from_orthogonal() -> None:
    rotations = torch.from_numpy(Rotation.random(3, random_state=0).as_matrix())
    assert transform_regulariser(rotations).item() == pytest.approx(0, abs=1e-24)
    a = torch.randn(2, 4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    expected = np.mean([np.linalg.norm(np.eye(4) - m @ m.T, "fro") ** 2 for m in a.numpy()])
    assert transform_regulariser(a).item() == pytest.approx(expected)


def test_the_classification_loss_is_cross_entropy_and_the_regulariser() -> None:
    logits = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], dtype=torch.float64)
    labels = torch.tensor([1, 0])
    probabilities = np.exp(logits.numpy()) / np.exp(logits.numpy()).sum(1, keepdims=True)
    entropy = -np.mean(np.log(probabilities[[0, 1], [1, 0]]))
    assert classification_loss(logits, labels).item() == pytest.approx(entropy)
    transforms = Transforms(torch.eye(3)[None], 2 * torch.eye(3, dtype=torch.float64)[None])
    # ||I - 4 I||^2 = 27 in three dimensions; the loss weights it by 0.001.
    assert classification_loss(logits, labels, transforms).item() == pytest.approx(entropy + 0.027)


def test_accuracy_is_0_or_1_for_each_sample() -> None:
    logits, labels = torch.eye(3)[[0, 0, 1, 1, 1]], torch.tensor([0, 1, 1, 1, 0])
    given = Batch(clouds(5, 4), labels)
    assert CLASSIFICATION.measure(logits, logits, given).tolist() == [1, 0, 1, 1, 0]


def chamfer(a: Tensor, b: Tensor) -> float:
    squared = cdist(a.numpy(), b.numpy(), "sqeuclidean")
    return float(squared.min(1).mean() + squared.min(0).mean())


def test_reconstruction_is_measured_by_chamfer_and_nre() -> None:
    cloud, from_sample, from_cloud = (clouds(2, n, seed=n, dtype=torch.float64) for n in (30, 25, 35))
    each = [chamfer(cloud[b], from_sample[b]) for b in range(2)]
    assert reconstruction_loss(from_sample, cloud).item() == pytest.approx(np.mean(each))
    nre = normalised_reconstruction_error(from_sample, from_cloud, cloud)
    np.testing.assert_allclose(nre, [each[b] / chamfer(cloud[b], from_cloud[b]) for b in range(2)])
    torch.testing.assert_close(
        normalised_reconstruction_error(from_cloud, from_cloud, cloud), torch.ones(2, dtype=torch.float64)
    )


def poses(count: int) -> tuple[Pose, Rotation]:
    rotation = Rotation.random(count, random_state=3)
    x, y, z, w = rotation.as_quat().T
    translation = torch.randn(count, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return Pose(torch.from_numpy(np.stack([w, x, y, z], 1)), translation), rotation


def test_a_pose_transforms_points_as_scipy_does() -> None:
    pose, rotation = poses(4)
    points = clouds(4, 9, dtype=torch.float64)
    moved = pose.apply(points)
    for b in range(4):
        expected = rotation[b].apply(points[b].numpy()) + pose.translation[b].numpy()
        np.testing.assert_allclose(moved[b], expected, atol=1e-12)


def test_the_rotation_error_is_the_angle_between_the_rotations_in_degrees() -> None:
    pose, rotation = poses(50)
    true = Rotation.random(50, random_state=4)
    degrees = np.rad2deg((rotation * true.inv()).magnitude())
    matrices = torch.from_numpy(true.as_matrix())
    np.testing.assert_allclose(rotation_error(pose, matrices), degrees, atol=1e-6)


def test_the_registration_loss_vanishes_at_the_true_pose_and_nowhere_else() -> None:
    pose, rotation = poses(3)
    source = clouds(3, 12, dtype=torch.float64)
    template, matrices = pose.apply(source), torch.from_numpy(rotation.as_matrix())
    assert registration_loss(pose, matrices, template, source).item() == pytest.approx(0, abs=1e-12)
    other = Pose(pose.quaternion.roll(1, 0), pose.translation)
    expected = []
    for b in range(3):
        turned = Rotation.from_quat(other.quaternion[b].numpy()[[1, 2, 3, 0]])
        aligned = torch.from_numpy(turned.apply(source[b].numpy()) + other.translation[b].numpy())
        between = turned.as_matrix() @ rotation.as_matrix()[b].T - np.eye(3)
        expected.append(chamfer(aligned, template[b]) + (between**2).sum())
    assert registration_loss(other, matrices, template, source).item() == pytest.approx(np.mean(expected))

"""The losses of Eq. 5 to 10 against plain loops in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from apsnet_core.losses import (
    average_nearest,
    classification_distillation,
    joint_loss,
    maximal_nearest,
    reconstruction_distillation,
    registration_distillation,
    rotation_loss,
    sampling_loss,
    total_loss,
)
from tests.core.small_networks import clouds

Q = clouds(3, 7, seed=1, dtype=torch.float64)
P = clouds(3, 20, seed=2, dtype=torch.float64)


def nearest(a: np.ndarray, b: np.ndarray) -> list[float]:
    """Squared distances from each point of ``a`` to the nearest point of ``b``."""
    return [min(sum((x - y) ** 2 for x, y in zip(p, q, strict=True)) for q in b) for p in a]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_average_and_maximal_nearest_distance_equal_plain_loops() -> None:
    for b in range(3):
        squared = nearest(Q[b].numpy(), P[b].numpy())
        assert average_nearest(Q, P)[b].item() == pytest.approx(mean(squared), rel=1e-12)
        assert maximal_nearest(Q, P)[b].item() == pytest.approx(max(squared), rel=1e-12)


@pytest.mark.parametrize(
    ("beta", "gamma", "delta"), [(1, 1, 0), (0, 1, 0), (1, 0, 0), (0.5, 2, 0.1), (2, 0, 0.3)]
)
def test_the_sampling_loss_follows_equation_7(beta: float, gamma: float, delta: float) -> None:
    each = []
    for q, p in zip(Q.numpy(), P.numpy(), strict=True):
        to_cloud, to_sample = nearest(q, p), nearest(p, q)
        each.append(mean(to_cloud) + beta * max(to_cloud) + (gamma + delta * len(q)) * mean(to_sample))
    assert sampling_loss(Q, P, beta, gamma, delta).item() == pytest.approx(mean(each), rel=1e-12)


def test_sampling_loss_is_differentiable() -> None:
    q = Q[:1].clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: sampling_loss(x, P[:1], 0.7, 1.3, 0.1), [q])


def test_classification_distillation_is_the_divergence_from_the_teacher() -> None:
    student = torch.randn(4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    teacher = torch.randn(4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    divergence = 0.0
    for s, t in zip(student.tolist(), teacher.tolist(), strict=True):
        of_s = [math.exp(x) / sum(map(math.exp, s)) for x in s]
        of_t = [math.exp(x) / sum(map(math.exp, t)) for x in t]
        divergence += sum(p * math.log(p / q) for p, q in zip(of_t, of_s, strict=True)) / 4
    assert classification_distillation(student, teacher).item() == pytest.approx(divergence, rel=1e-10)
    assert classification_distillation(teacher, teacher).item() == pytest.approx(0, abs=1e-12)


def test_reconstruction_distillation_is_the_chamfer_distance() -> None:
    each = [mean(nearest(q, p)) + mean(nearest(p, q)) for q, p in zip(Q.numpy(), P.numpy(), strict=True)]
    assert reconstruction_distillation(Q, P).item() == pytest.approx(mean(each), rel=1e-12)


def test_the_rotation_loss_depends_only_on_the_angle() -> None:
    base = Rotation.random(6, random_state=0)
    angles = np.linspace(0, np.pi, 6)
    turned = Rotation.from_rotvec(angles[:, None] * [[0.6, 0.0, 0.8]]) * base
    for i, angle in enumerate(angles):
        found, true = (torch.from_numpy(r.as_matrix()[i : i + 1]) for r in (turned, base))
        assert rotation_loss(found, true).item() == pytest.approx(4 - 4 * math.cos(angle), abs=1e-12)


def test_registration_distillation_adds_the_error_of_the_translation() -> None:
    rotations = torch.from_numpy(Rotation.random(4, random_state=1).as_matrix())
    shift = torch.tensor([[1.0, 2.0, 2.0]] * 4, dtype=torch.float64)
    zero = torch.zeros_like(shift)
    assert registration_distillation(rotations, shift, rotations, zero).item() == pytest.approx(9)
    assert registration_distillation(rotations, zero, rotations, zero).item() == pytest.approx(0, abs=1e-12)


def test_total_and_joint_loss_are_weighted_sums() -> None:
    task, sampling = torch.tensor([2.0, 3.0]), torch.tensor([0.5, 0.25])
    assert total_loss(task[0], sampling[0], 30).item() == 17.0
    assert joint_loss(list(task), list(sampling), 30).item() == 17.0 + 10.5
    with pytest.raises(ValueError, match="shorter"):
        joint_loss(list(task), [], 30)

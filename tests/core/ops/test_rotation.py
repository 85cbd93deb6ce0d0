"""Rotation matrices, quaternions and Euler angles against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from torch import Tensor

from apsnet_core.ops.rotation import (
    euler_to_matrix,
    geodesic_angle,
    matrix_to_euler,
    matrix_to_quaternion,
    quaternion_to_matrix,
)

SEEDS = st.integers(0, 2**31)
quick = settings(max_examples=60, deadline=None)


def rotations(seed: int) -> Rotation:
    """Random rotations, the identity, half turns about each axis, and rotations close to these."""
    half = Rotation.from_rotvec(np.pi * np.eye(3))
    close = Rotation.from_rotvec((np.pi - 1e-6) * np.eye(3))
    small = Rotation.from_rotvec(1e-7 * np.eye(3))
    drawn = Rotation.random(6, rng=np.random.default_rng(seed))
    return Rotation.concatenate([drawn, Rotation.identity(1), half, close, small])


def matrices(rotation: Rotation) -> Tensor:
    return torch.from_numpy(rotation.as_matrix())


@quick
@given(SEEDS)
def test_quaternions_and_matrices_equal_those_of_scipy_in_both_directions(seed: int) -> None:
    rotation = rotations(seed)
    quaternion = torch.from_numpy(rotation.as_quat(canonical=True, scalar_first=True))
    np.testing.assert_allclose(quaternion_to_matrix(3.0 * quaternion), rotation.as_matrix(), atol=1e-12)
    found = matrix_to_quaternion(matrices(rotation))
    # A half turn has two quaternions, which differ in sign.
    same = (found * quaternion).sum(-1).abs()
    np.testing.assert_allclose(same, 1.0, atol=1e-12)
    assert (found[..., 0] >= 0).all()
    assert matrix_to_quaternion(matrices(rotation).reshape(2, 8, 3, 3)).shape == (2, 8, 4)


@quick
@given(SEEDS)
def test_euler_angles_turn_about_x_then_y_then_z(seed: int) -> None:
    angles = np.random.default_rng(seed).uniform(-np.pi, np.pi, (5, 3))
    expected = Rotation.from_euler("xyz", angles).as_matrix()
    np.testing.assert_allclose(euler_to_matrix(torch.from_numpy(angles)), expected, atol=1e-12)


@quick
@given(SEEDS, SEEDS)
def test_the_angle_between_two_rotations_equals_that_of_scipy(one: int, other: int) -> None:
    a, b = rotations(one), rotations(other)
    np.testing.assert_allclose(geodesic_angle(matrices(a), matrices(b)), (a * b.inv()).magnitude(), atol=1e-9)


@pytest.mark.parametrize("angle", [0.0, 1e-8, 1e-3, 1.0, np.pi - 1e-6, np.pi])
def test_the_angle_is_accurate_near_zero_and_near_pi(angle: float) -> None:
    turned = matrices(Rotation.from_rotvec([[0.0, angle, 0.0]]))
    found = geodesic_angle(turned, torch.eye(3, dtype=torch.float64)[None])
    assert float(found) == pytest.approx(angle, abs=1e-15)


def test_gradients_are_those_of_finite_differences() -> None:
    quaternion = torch.tensor([[0.9, 0.1, -0.3, 0.2], [0.1, 0.9, 0.2, 0.3]]).double().requires_grad_()
    assert torch.autograd.gradcheck(quaternion_to_matrix, (quaternion,))
    target = torch.eye(3, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda q: geodesic_angle(quaternion_to_matrix(q), target), (quaternion,))
    assert torch.autograd.gradcheck(lambda q: matrix_to_quaternion(quaternion_to_matrix(q)), (quaternion,))


@quick
@given(SEEDS)
def test_euler_angles_are_recovered_from_their_matrix(seed: int) -> None:
    angles = np.random.default_rng(seed).uniform(-1, 1, (20, 3)) * [np.pi, np.pi / 2, np.pi]
    found = matrix_to_euler(euler_to_matrix(torch.from_numpy(angles)))
    np.testing.assert_allclose(found, angles, atol=1e-9)

"""The smallest eigenvalue and its axis in closed form against numpy's iterative solver."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.ops.smallest_axis import smallest_axes


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (1, 0.5, 1e-3), (1, 0.9999, 1e-7), (1, 1, 0), (1, 1e-5, 1e-5), (1, 0, 0)]
)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e5])
def test_the_smallest_eigenvalue_and_its_axis_equal_those_of_eigh(
    shape: tuple[float, float, float], scale: float
) -> None:
    rng = np.random.default_rng(0)
    around = scale * rng.normal(size=(400, 16, 3)) * shape @ np.linalg.qr(rng.normal(size=(400, 3, 3)))[0]
    matrices = around.transpose(0, 2, 1) @ around
    least, axes = smallest_axes(matrices)
    values, _ = np.linalg.eigh(matrices)
    size = values[:, 2]
    np.testing.assert_allclose(least / size, values[:, 0].clip(0) / size, rtol=0, atol=1e-13)
    np.testing.assert_allclose(np.linalg.norm(axes, axis=1), 1, rtol=1e-12)
    # The axis is an eigenvector: the matrix times the axis is the eigenvalue times the axis.
    taken = np.einsum("nij,nj->ni", matrices, axes) - least[:, None] * axes
    assert (np.linalg.norm(taken, axis=1) <= 1e-9 * size).all()


def test_matrices_with_equal_eigenvalues_give_a_unit_axis() -> None:
    least, axes = smallest_axes(np.stack([np.zeros((3, 3)), np.eye(3), np.diag([1.0, 2, 1])]))
    assert least.tolist() == [0, 1, 1]
    np.testing.assert_allclose(np.linalg.norm(axes, axis=1), 1)

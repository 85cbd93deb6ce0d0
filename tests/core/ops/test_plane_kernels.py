"""The compiled local planes against numpy's eigenvectors, also for points that define no unique plane."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from scipy.spatial import cKDTree

from apsnet_core.cloud import Float32
from apsnet_core.ops import planes_cpu
from apsnet_core.ops.neighbours import local_planes
from apsnet_core.ops.planes_cpu import Planes

K = 16


def both_ways(points: Float32) -> tuple[Planes, Planes]:
    """Return the planes computed by the kernel, and those computed by numpy."""
    kernels = planes_cpu.KERNELS.prepare()
    if kernels is None:
        pytest.skip(str(planes_cpu.KERNELS.failure))
    points = points.copy()
    points.flags.writeable = False  # points of a memory-mapped file may be read-only too
    found = []
    for way in kernels, None:
        with patch.object(planes_cpu.KERNELS, "for_work", lambda _, way=way: way):
            found.append(Planes(*local_planes(points, K)))
    return found[0], found[1]


def test_the_planes_equal_those_of_numpys_eigenvectors() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(3000, 3)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True) * (1, 2, 50)
    points += np.float32(20)
    _, index = cKDTree(points).query(points, K)
    around = points[index].astype(np.float64)
    around -= around.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(around.transpose(0, 2, 1) @ around / K)
    one = (values[:, 1] - values[:, 0]) / values[:, 2] > 1e-2
    assert one.mean() > 0.9
    for planes in both_ways(points):
        axes = vectors[:, :, 0] * np.sign(np.sum(vectors[:, :, 0] * planes.normals, axis=1))[:, None]
        np.testing.assert_allclose(planes.normals[one], axes[one], rtol=0, atol=1e-6)
        np.testing.assert_allclose(planes.variation, values[:, 0] / values.sum(axis=1), rtol=0, atol=1e-6)
        np.testing.assert_allclose(planes.thickness, np.sqrt(values[:, 0].clip(0)), rtol=0, atol=1e-6)


def test_kernel_and_numpy_agree_where_the_plane_is_not_unique() -> None:
    line = (np.linspace(0, 1, 100)[:, None] * (1, 2, 3)).astype(np.float32)
    same = np.full((40, 3), 5, dtype=np.float32)
    for points in line, same, np.concatenate([line, same]):
        ours, theirs = both_ways(points)
        for mine, yours in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, yours, rtol=0, atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(ours.normals, axis=1), 1, atol=1e-6)

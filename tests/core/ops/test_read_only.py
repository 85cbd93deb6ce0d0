"""The compiled functions also accept read-only arrays, such as the points of a memory-mapped file."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.ops import planes_cpu, search_cpu


def test_compiled_searches_accept_read_only_points() -> None:
    kernels = search_cpu.KERNELS.prepare()
    if kernels is None:
        pytest.skip(str(search_cpu.KERNELS.failure))
    points = np.random.default_rng(0).normal(size=(3, 200)).astype(np.float32)
    points.flags.writeable = False
    index = np.empty(200, np.int64)
    kernels.nearest(points, points, index)
    np.testing.assert_array_equal(index, np.arange(200))
    picks = np.zeros(2, np.int64)
    kernels.farthest(points, np.full(200, np.inf, np.float32), np.zeros(2, np.int64), 1, picks)
    away = np.square(points.astype(np.float64) - points[:, :1]).sum(axis=0)
    np.testing.assert_array_equal(picks, [0, away.argmax()])


def test_compiled_planes_accept_read_only_points_and_rows() -> None:
    kernels = planes_cpu.KERNELS.prepare()
    if kernels is None:
        pytest.skip(str(planes_cpu.KERNELS.failure))
    points = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    points[:, 2] = 7
    rows = np.arange(5)  # stands in for the order of SciPy's k-d tree, read-only since SciPy 1.18
    for array in points, rows:
        array.flags.writeable = False
    normals, thickness = np.zeros((5, 3), np.float32), np.ones(5, np.float32)
    index = np.tile(np.arange(5), (5, 1))
    kernels.fit(points, rows, index, normals, np.ones(5, np.float32), thickness, np.zeros(5, bool))
    np.testing.assert_allclose(np.abs(normals[:, 2]), 1)
    np.testing.assert_allclose(thickness, 0, atol=1e-6)

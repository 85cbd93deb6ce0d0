"""Points that nobody may write, as those of a mapped file, are searched by the compiled functions too."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.ops import search_cpu


def test_compiled_searches_take_points_that_nobody_may_write() -> None:
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

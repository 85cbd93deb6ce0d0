"""The corners of the bounding box of points, against numpy's min and max."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.placing import corners


@pytest.mark.parametrize("n", [1, 5, 1024, 2047, 2048, 2049, 10_000])
@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
def test_the_corners_are_the_minima_and_maxima_of_each_column(
    n: int, columns: int, dtype: type[np.generic]
) -> None:
    points = (100 * np.random.default_rng(n).normal(size=(n, columns))).astype(dtype)
    every_other = np.repeat(points, 2, axis=0)[::2]
    for laid in (points, np.asfortranarray(points), every_other, points[::-1]):
        low, high = corners(laid)
        assert low.dtype == high.dtype == dtype
        np.testing.assert_array_equal(low, points.min(axis=0))
        np.testing.assert_array_equal(high, points.max(axis=0))


def test_nan_in_a_column_gives_nan_in_its_corner() -> None:
    for row in (0, 1500, 2999):
        points = np.ones((3000, 3))
        points[row, 1] = np.nan
        low, high = corners(points)
        for corner in (low, high):
            np.testing.assert_array_equal(np.isnan(corner), [False, True, False])

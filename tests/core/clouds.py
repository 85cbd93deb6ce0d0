"""A cloud for tests that need any cloud."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import PointCloud


def some_cloud(
    n: int = 90, seed: int = 0, offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> PointCloud:
    """A random cloud in the shape of an ellipsoid, away from the origin."""
    rng = np.random.default_rng(seed)
    xyz = rng.normal(size=(n, 3)) * [3.0, 1.0, 2.0] + [20.0, -5.0, 7.0]
    return PointCloud(xyz.astype(np.float32), np.array(offset))

"""The plane in which a shape lies at one of its points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64, PointCloud, TriangleMesh
from apsnet_core.ops.surface import sample_surface
from apsnet_core.placing import corners

NEIGHBOURS = 48
DRAWN = 50_000  # from a mesh: so close together that the neighbours lie on one of its faces


def outward_normal(shape: PointCloud | TriangleMesh, at: npt.ArrayLike) -> Float64:
    """The unit normal (3,) of the plane through the points around ``at`` (3,), relative to the offset.

    It points away from the middle of the shape. ValueError where the points lie in no plane.
    """
    points = sample_surface(shape, DRAWN).xyz if isinstance(shape, TriangleMesh) else shape.xyz
    at = np.asarray(at, np.float64)
    squares = np.square(points - at.astype(np.float32)).sum(axis=1)
    nearest = np.argpartition(squares, min(NEIGHBOURS, len(points)) - 1)[:NEIGHBOURS]
    around = points[nearest].astype(np.float64)
    _, spread, axes = np.linalg.svd(around - around.mean(axis=0), full_matrices=False)
    if len(around) < 3 or spread[1] <= 1e-9 * max(spread[0], 1e-300):
        raise ValueError("the points there lie in no plane")
    normal: Float64 = axes[2]
    low, high = corners(points)
    middle = (low.astype(np.float64) + high) / 2
    return normal if normal @ (at - middle) >= 0 else -normal

"""The tangent plane of a shape at one of its points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64, PointCloud, TriangleMesh
from apsnet_core.ops.surface import sample_surface
from apsnet_core.placing import corners

NEIGHBOURS = 48
DRAWN = 50_000  # points sampled from a mesh: dense enough for the neighbours to be on one of its faces


def outward_normal(shape: PointCloud | TriangleMesh, at: npt.ArrayLike) -> Float64:
    """The unit normal (3,) of the plane through the points around ``at`` (3,).

    ``at`` is relative to the shape's offset. The normal points away from the centre of the shape. Raises
    ValueError if the points do not define a plane.
    """
    points = sample_surface(shape, DRAWN).xyz if isinstance(shape, TriangleMesh) else shape.xyz
    at = np.asarray(at, np.float64)
    squares = np.square(points - at.astype(np.float32)).sum(axis=1)
    nearest = np.argpartition(squares, min(NEIGHBOURS, len(points)) - 1)[:NEIGHBOURS]
    around = points[nearest].astype(np.float64)
    _, spread, axes = np.linalg.svd(around - around.mean(axis=0), full_matrices=False)
    if len(around) < 3 or spread[1] <= 1e-9 * max(spread[0], 1e-300):
        raise ValueError("the points there do not define a plane: they are on one line, or too few")
    normal: Float64 = axes[2]
    low, high = corners(points)
    middle = (low.astype(np.float64) + high) / 2
    return normal if normal @ (at - middle) >= 0 else -normal

"""Sampling by curvature: more points where the surface bends more."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method
from apsnet_core.ops.weighted_rows import weighted_rows

_FLAT = 0.1  # the weight of points on a plane, as a share of the mean weight


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """Draw ``m`` distinct indices of ``points`` (n, 3), weighted by the surface variation at each point."""
    from apsnet_core.ops.neighbours import local_planes

    _, variation, _ = local_planes(points)
    weights = variation.astype(np.float64)
    return weighted_rows(weights + (_FLAT * weights.mean() or 1.0), m, seed)


CURVATURE = Method(
    name="curvature",
    label="Curvature",
    about="The more the surface bends around a point, the more likely it is.",
    colour="#882255",
    choose=choose_rows,
    nested=True,
)

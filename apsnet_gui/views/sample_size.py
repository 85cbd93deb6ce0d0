"""The drawn size of samples, chosen so that both they and the cloud between them are visible."""

from __future__ import annotations

from math import inf, sqrt

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.placing import corners
from apsnet_core.remembered import remembered
from apsnet_core.sampling import Sampling
from apsnet_gui.state.document import Look
from apsnet_gui.state.result import Result

FEW, LEAST = 32, 0.35  # the most samples drawn in full size; the smallest relative size of more samples
APART = 0.2  # the largest radius at the usual size, relative to the distance of evenly spaced samples
CELLS = 32  # cells along the diagonal, used to estimate the surface of a cloud
LOOKED_AT = 1 << 15  # points of a cloud from which its surface is estimated


def sphere_radius(result: Result, look: Look) -> float:
    """The radius of the samples in units of the cloud; it is smaller for many samples.

    The cloud would be visible between evenly spaced samples. The radius does not depend on where the samples
    are, so that it is the same for all methods.
    """
    m = max(result.sampling.m, 1)
    diagonal, across = _size(result.cloud, result.sampling)
    share = max(min(1.0, sqrt(FEW / m)), LEAST)
    return min(diagonal * share / 1000, across / sqrt(m) * APART / Look().sphere) * look.sphere


@remembered(16)
def _size(cloud: PointCloud, sampling: Sampling) -> tuple[float, float]:
    """The diagonal of a cloud, and the side of a square with the area of the sampled surface.

    The area is estimated as the number of occupied cells times the area of a cell's side.
    """
    low, high = corners(cloud.xyz)
    diagonal = float(np.linalg.norm(high - low))
    if diagonal == 0:
        return 1.0, inf  # all points are at one position, so there is nothing between samples
    parts = sampling.parts
    asked = cloud.xyz if parts is None or len(parts) != len(cloud) else cloud.xyz[parts >= 0]
    some = asked[:: max(len(asked) // LOOKED_AT, 1)]
    inside = ((some - low) * (CELLS / diagonal)).astype(np.int64)
    met = np.unique(inside @ np.array([1, 2 * CELLS, 4 * CELLS**2]))
    return diagonal, sqrt(max(len(met), 1)) * diagonal / CELLS

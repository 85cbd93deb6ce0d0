"""How large samples are drawn: they are seen, and so is the cloud between them."""

from __future__ import annotations

from math import inf, sqrt

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.placing import corners
from apsnet_core.remembered import remembered
from apsnet_core.sampling import Sampling
from apsnet_gui.state.document import Look
from apsnet_gui.state.result import Result

FEW, LEAST = 32, 0.35  # samples up to which they have full size; the smallest size for more
APART = 0.2  # of the distance of samples that lie evenly, at the usual size: their radius at most
CELLS = 32  # cells along the diagonal, by which the surface of a cloud is measured
LOOKED_AT = 1 << 15  # points of a cloud that tell its surface


def sphere_radius(result: Result, look: Look) -> float:
    """The radius of the samples in units of the cloud; it shrinks where there are many samples.

    They leave the cloud between them to be seen, were they even on it: it is the same for all methods.
    """
    m = max(result.sampling.m, 1)
    diagonal, across = _size(result.cloud, result.sampling)
    share = max(min(1.0, sqrt(FEW / m)), LEAST)
    return min(diagonal * share / 1000, across / sqrt(m) * APART / Look().sphere) * look.sphere


@remembered(16)
def _size(cloud: PointCloud, sampling: Sampling) -> tuple[float, float]:
    """The diagonal of a cloud, and the side of a square as large as what was sampled of its surface.

    The surface is that of the cells which it meets.
    """
    low, high = corners(cloud.xyz)
    diagonal = float(np.linalg.norm(high - low))
    if diagonal == 0:
        return 1.0, inf  # at a single place nothing lies between samples
    parts = sampling.parts
    asked = cloud.xyz if parts is None or len(parts) != len(cloud) else cloud.xyz[parts >= 0]
    some = asked[:: max(len(asked) // LOOKED_AT, 1)]
    inside = ((some - low) * (CELLS / diagonal)).astype(np.int64)
    met = np.unique(inside @ np.array([1, 2 * CELLS, 4 * CELLS**2]))
    return diagonal, sqrt(max(len(met), 1)) * diagonal / CELLS

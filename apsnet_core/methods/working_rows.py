"""The points of a large cloud that a network looks at."""

from __future__ import annotations

from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods import farthest_point, voxel

# Farthest point sampling of more points than this costs more than the network; a voxel grid does not.
_MANY = 200_000


def working_rows(points: Float32, k: int, seed: int = 0) -> Int64 | None:
    """``k`` rows spread over a cloud (n, 3), for a network trained with so many; None if it has no more.

    By farthest point sampling, which keeps thin parts; by voxels where there are too many points for that.
    """
    if len(points) <= k:
        return None
    choose = farthest_point.choose_rows if len(points) <= _MANY else voxel.choose_rows
    return choose(points, k, seed)

"""The working subset: the points of a large cloud that a network sees."""

from __future__ import annotations

from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods import farthest_point, voxel

# For more points than this, farthest point sampling takes longer than the network; a voxel grid does not.
_MANY = 200_000


def working_rows(points: Float32, k: int, seed: int = 0) -> Int64 | None:
    """Select ``k`` indices spread over a cloud (n, 3), for a network trained with k points; None if n <= k.

    Farthest point sampling is used, because it keeps thin parts, or voxels for very many points.
    """
    if len(points) <= k:
        return None
    choose = farthest_point.choose_rows if len(points) <= _MANY else voxel.choose_rows
    return choose(points, k, seed)

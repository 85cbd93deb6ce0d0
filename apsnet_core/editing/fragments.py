"""Join fragments of an object whose connection the scanner could not see."""

from __future__ import annotations

import numpy as np

from apsnet_core.editing.clusters import NONE
from apsnet_core.ops.neighbours import nearest_of
from apsnet_core.ops.orientation import up_turn
from apsnet_core.types import Float32, Float64, Int64, Mask

_GAP = 8.0  # the widest gap to bridge, in multiples of the reach
_ROUNDS = 8


def join_fragments(
    points: Float32, clusters: Int64, counts: Int64, standing: Mask, reach: float, least: int, up: str
) -> Int64:
    """``clusters`` (n,) of ``points`` (n, 3) in which each fragment has the number of its object.

    No object floats in the air, so a cluster without a ``standing`` (n,) point joins the nearest object with
    one, if the gap is not too wide. A small standing cluster, with fewer than ``least`` points by their
    ``counts`` (n,), joins the nearest object if it is inside the object's bounding rectangle seen from above.
    """
    total = int(clusters.max(initial=NONE)) + 1
    if total < 2:
        return clusters
    own = clusters != NONE
    stands = np.bincount(clusters[own], standing[own], total) > 0
    large = np.bincount(clusters[own], counts[own], total) >= least
    target = np.arange(total)
    flat = (points.astype(np.float64) @ up_turn(up, "z").T)[:, :2]
    low, high = _outlines(flat[own], clusters[own], total)
    settled = stands & large
    for _ in range(_ROUNDS):
        loose = own & ~settled[clusters]
        firm = own & settled[clusters]
        if not loose.any() or not firm.any():
            break
        rows, held = np.flatnonzero(loose), np.flatnonzero(firm)
        gap, nearest = nearest_of(points[held], points[rows], _GAP * reach)
        near = np.isfinite(gap)
        if not near.any():
            break
        rows, gap, nearest = rows[near], gap[near], held[nearest[near]]
        order = np.lexsort((gap, clusters[rows]))
        fragment, first = np.unique(clusters[rows][order], return_index=True)
        object_ = clusters[nearest[order][first]]
        root = target[object_]
        middle = (low[fragment] + high[fragment]) / 2
        within = ((middle >= low[root] - reach) & (middle <= high[root] + reach)).all(axis=1)
        joins = ~stands[fragment] | within
        if not joins.any():
            break
        target[fragment[joins]] = root[joins]
        settled[fragment[joins]] = True
    joined = clusters.copy()
    joined[own] = target[clusters[own]]
    return joined


def _outlines(flat: Float64, clusters: Int64, total: int) -> tuple[Float64, Float64]:
    """The lower and upper corners (total, 2) of each cluster's bounding rectangle, seen from above."""
    low, high = np.full((total, 2), np.inf), np.full((total, 2), -np.inf)
    np.minimum.at(low, clusters, flat)
    np.maximum.at(high, clusters, flat)
    return low, high

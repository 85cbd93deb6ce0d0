"""Grow and shrink selections of points, or extend them to connected points."""

from __future__ import annotations

import numpy as np

from apsnet_core.editing.clusters import NONE, dbscan, thin_copy
from apsnet_core.ops.neighbours import nearest_of, spacing
from apsnet_core.types import Float32, Mask, Progress

_GROWN = 3.0  # the length by which a selection grows or shrinks, in multiples of the point spacing
_SPACINGS = 8.0


def usual_growth(points: Float32) -> float:
    """The default length for growing or shrinking a selection of ``points`` (n, 3): 3 times their spacing."""
    return _GROWN * spacing(points) or 1.0


def usual_reach(points: Float32) -> float:
    """The default largest gap inside an object of ``points`` (n, 3): several times their spacing."""
    apart = spacing(points)
    diagonal = float(np.linalg.norm(np.ptp(points, axis=0)))
    return float(max(_SPACINGS * apart, 1e-3 * diagonal)) or 1.0


def grow(points: Float32, chosen: Mask, radius: float, tell: Progress | None = None) -> Mask:
    """The mask (n,) of the ``chosen`` (n,) ``points`` (n, 3) and of all points within ``radius`` of one.

    The radius is in units of the points. Raises ValueError if it is not above 0.

    >>> points = np.array([[0, 0, 0], [1, 0, 0], [3, 0, 0]], np.float32)
    >>> grow(points, np.array([True, False, False]), 1).tolist()
    [True, True, False]
    """
    if not 0 < radius < np.inf:
        raise ValueError(f"a selection grows and shrinks by a length above 0, not {radius:g}")
    grown = chosen.copy()
    if not chosen.any() or chosen.all():
        return grown
    own = points[chosen]
    low, high = own.min(axis=0) - radius, own.max(axis=0) + radius
    asked = np.flatnonzero(~chosen & ((points >= low) & (points <= high)).all(axis=1))
    distance, _ = nearest_of(own, points[asked], radius, tell)
    grown[asked[np.isfinite(distance)]] = True
    return grown


def shrink(points: Float32, chosen: Mask, radius: float, tell: Progress | None = None) -> Mask:
    """The mask (n,) of the ``chosen`` (n,) ``points`` (n, 3) that are not within ``radius`` of others."""
    left: Mask = ~grow(points, ~chosen, radius, tell)
    return left


def connected(points: Float32, chosen: Mask, reach: float, tell: Progress | None = None) -> Mask:
    """The mask (n,) of the ``points`` (n, 3) connected to the ``chosen`` (n,) over gaps up to ``reach``.

    Connections are found in a copy with one point per grid cell of half of ``reach``, so gaps are measured
    with this accuracy. Raises ValueError for a reach that is not above 0.
    """
    if not 0 < reach < np.inf:
        raise ValueError(f"the gap of connected points must be above 0, not {reach:g}")
    if not chosen.any():
        return chosen.copy()
    means, cell, _ = thin_copy(points, reach / 2)
    if tell is not None:
        tell(0.3)
    clusters = dbscan(means, reach, least=1)[cell]
    hit = np.unique(clusters[chosen])
    found: Mask = np.isin(clusters, hit[hit != NONE]) | chosen
    return found

"""Selections that spread over a cloud: grown, shrunk, or all that hangs together."""

from __future__ import annotations

import numpy as np

from apsnet_core.editing.clusters import NONE, dbscan, thin_copy
from apsnet_core.ops.neighbours import nearest_of, spacing
from apsnet_core.types import Float32, Mask, Progress

_GROWN = 3.0  # times as far as neighbours are: by how much a selection grows or shrinks
_SPACINGS = 8.0


def usual_growth(points: Float32) -> float:
    """By how much a selection of ``points`` (n, 3) grows or shrinks: some times as far as neighbours are."""
    return _GROWN * spacing(points) or 1.0


def usual_reach(points: Float32) -> float:
    """The gap that an object of ``points`` (n, 3) may have: several times as far as neighbours are."""
    apart = spacing(points)
    diagonal = float(np.linalg.norm(np.ptp(points, axis=0)))
    return float(max(_SPACINGS * apart, 1e-3 * diagonal)) or 1.0


def grow(points: Float32, chosen: Mask, radius: float, tell: Progress | None = None) -> Mask:
    """The ``chosen`` (n,) of ``points`` (n, 3), and all within ``radius`` of one, in units of the points.

    ValueError for a radius not above 0.

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
    """The ``chosen`` (n,) of ``points`` (n, 3) that are not within ``radius`` of any other point."""
    left: Mask = ~grow(points, ~chosen, radius, tell)
    return left


def connected(points: Float32, chosen: Mask, reach: float, tell: Progress | None = None) -> Mask:
    """All of ``points`` (n, 3) that hang together with the ``chosen`` (n,), over gaps up to ``reach``.

    Found in a copy with one point for each cell of a grid, half of ``reach`` wide: a gap is told to within
    that. ValueError for a reach not above 0.
    """
    if not 0 < reach < np.inf:
        raise ValueError(f"what hangs together is told by a gap above 0, not {reach:g}")
    if not chosen.any():
        return chosen.copy()
    means, cell, _ = thin_copy(points, reach / 2)
    if tell is not None:
        tell(0.3)
    clusters = dbscan(means, reach, least=1)[cell]
    hit = np.unique(clusters[chosen])
    found: Mask = np.isin(clusters, hit[hit != NONE]) | chosen
    return found

"""Find outliers and duplicates in a scan. Each function returns the mask (n,) of the points to leave out."""

from __future__ import annotations

import numpy as np

from apsnet_core.ops.neighbours import neighbours
from apsnet_core.types import Float32, Mask, Progress


def statistical_outliers(
    points: Float32, k: int = 16, ratio: float = 3.0, tell: Progress | None = None
) -> Mask:
    """The mask (n,) of the points (n, 3) unusually far from their ``k`` neighbours (Rusu et al., 2008).

    A point is an outlier if its mean distance to its neighbours exceeds the mean over all points by more than
    ``ratio`` standard deviations. Clouds of at most ``k`` points have no outliers. Raises ValueError for a
    ``k`` below 1 or a ratio that is not above 0.
    """
    if k < 1 or not ratio > 0:
        raise ValueError(f"outliers need at least 1 neighbour and a ratio above 0: not {k} and {ratio:g}")
    if len(points) <= k:
        return np.zeros(len(points), dtype=np.bool_)
    mean = np.empty(len(points))
    for rows, distance, _ in neighbours(points, k + 1, tell=tell):
        mean[rows] = distance[:, 1:].mean(axis=1)
    outside: Mask = mean > mean.mean() + ratio * mean.std()
    return outside


def lonely_points(points: Float32, radius: float, least: int = 4, tell: Progress | None = None) -> Mask:
    """The mask (n,) of the points (n, 3) with fewer than ``least`` others within ``radius``.

    The radius is in units of the points. Raises ValueError for a radius that is not above 0 or a ``least``
    below 1.
    """
    if least < 1 or not 0 < radius < np.inf:
        raise ValueError(f"a radius above 0 and at least 1 neighbour are needed: not {radius:g} and {least}")
    if len(points) <= least:
        return np.ones(len(points), dtype=np.bool_)
    lonely = np.empty(len(points), dtype=np.bool_)
    # The search excludes points exactly at its bound, so the bound is the next larger number.
    for rows, distance, _ in neighbours(points, least + 1, within=np.nextafter(radius, np.inf), tell=tell):
        lonely[rows] = ~np.isfinite(distance[:, -1])
    return lonely


def duplicates(points: Float32, apart: float = 0.0, tell: Progress | None = None) -> Mask:
    """The mask (n,) of the points (n, 3) at the same position as an earlier point.

    With ``apart`` > 0, points in the same grid cell of this edge length as an earlier point are duplicates
    too. Raises ValueError for an ``apart`` below 0.
    """
    if not 0 <= apart < np.inf:
        raise ValueError(f"the distance of duplicates must be 0 or more, not {apart:g}")
    places = points + np.float32(0) if apart == 0 else np.floor((points - points.min(axis=0)) / apart)
    bits = np.ascontiguousarray(places, dtype=np.float32).view(np.uint32).astype(np.uint64)
    # Hash each position to one number, which sorts faster than three; collisions are very rare.
    key = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    key ^= (bits[:, 1] + np.uint64(0x7F4A7C15)) * np.uint64(0xC2B2AE3D27D4EB4F)
    key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    key += bits[:, 2] * np.uint64(0x94D049BB133111EB)
    told = tell or (lambda share: None)
    told(0.2)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    told(0.9)
    before = first[place]
    if not np.array_equal(places[before], places):
        _, first, place = np.unique(places, axis=0, return_index=True, return_inverse=True)
        before = first[place.ravel()]
    repeated: Mask = before != np.arange(len(points))
    return repeated

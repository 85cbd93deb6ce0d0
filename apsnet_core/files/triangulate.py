"""Triangulate polygons, convex or not, so that the triangles have the same total area."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float64, Int64
from apsnet_core.types import Mask

_MOST_CORNERS = 16384  # earcut takes quadratic time for an outline with many self-intersections


def triangulate(vertices: Float64, corners: Int64, counts: Int64) -> Int64:
    """Triangles (k, 3) of polygons with ``counts[i]`` vertices each, one after another in ``corners``.

    The triangles are in the order of the polygons. Convex polygons become fans, all of one size at once. A
    quad is cut along the diagonal that gives the smaller area, because this diagonal is inside it. Other
    polygons are cut by earcut. Polygons with fewer than three corners have no area and give no triangle.
    Raises ValueError for a polygon that is not convex and has more than 16384 corners.
    """
    whole = np.flatnonzero(counts >= 3)
    if not len(whole):
        return np.empty((0, 3), dtype=np.int64)
    starts = np.cumsum(counts) - counts
    pieces: list[Int64] = []
    owners: list[Int64] = []
    by_size = whole[np.argsort(counts[whole], kind="stable")]
    sizes, first = np.unique(counts[by_size], return_index=True)
    for size, which in zip(sizes, np.split(by_size, first[1:]), strict=True):
        polygons = corners[starts[which, None] + np.arange(size)]
        if size == 4:
            polygons = _cut_within(vertices, polygons)
        convex = np.ones(len(which), dtype=bool) if size <= 4 else _convex(vertices[polygons])
        fans = polygons[convex]
        if len(fans):
            triangles = np.stack(
                [np.broadcast_to(fans[:, :1], (len(fans), size - 2)), fans[:, 1:-1], fans[:, 2:]], axis=2
            )
            pieces.append(triangles.reshape(-1, 3))
            owners.append(np.repeat(which[convex], size - 2))
        if not convex.all():
            outlines = polygons[~convex]
            ears = _ears(vertices[outlines])
            pieces += [outline[cut] for outline, cut in zip(outlines, ears, strict=True)]
            owners.append(np.repeat(which[~convex], [len(cut) for cut in ears]))
    order = np.argsort(np.concatenate(owners), kind="stable")
    return np.concatenate(pieces)[order].astype(np.int64)


def _cut_within(vertices: Float64, quads: Int64) -> Int64:
    """Quads (p, 4) with their corners rotated, if needed, so that the inner diagonal starts at the first."""
    a, b, c, d = (np.ascontiguousarray(vertices[quads[:, k]].T) for k in range(4))
    ac = _area(a, b, c) + _area(a, c, d)
    bd = _area(b, c, d) + _area(b, d, a)
    return np.where((bd < ac * (1 - 1e-9))[:, None], np.roll(quads, -1, axis=1), quads)


def _area(a: Float64, b: Float64, c: Float64) -> Float64:
    """Twice the areas (p,) of triangles; each corner is (3, p), which is the fastest layout."""
    (x, y, z), (u, v, w) = b - a, c - a
    area: Float64 = np.sqrt((y * w - z * v) ** 2 + (z * u - x * w) ** 2 + (x * v - y * u) ** 2)
    return area


def _newell(polygons: Float64) -> Float64:
    """Area vectors (p, 3) of polygons (p, n, 3) of any shape: half the sums of their cross products."""
    around = polygons - polygons[:, :1]
    area: Float64 = np.cross(around, np.roll(around, -1, axis=1)).sum(axis=1) / 2
    return area


def _convex(polygons: Float64) -> Mask:
    """The mask (p,) of the polygons (p, n, 3) that a fan from the first corner covers exactly.

    It does if no triangle of the fan has the opposite orientation. This includes polygons that are not
    convex, but star-shaped as seen from their first corner.
    """
    around = polygons - polygons[:, :1]
    turns = np.cross(around[:, 1:-1], around[:, 2:]) @ _newell(polygons)[:, :, None]
    scale = (around**2).sum(axis=2).max(axis=1)
    covered: Mask = turns[:, :, 0].min(axis=1) >= -1e-12 * scale**2
    return covered


def _ears(outlines: Float64) -> list[Int64]:
    """The triangles (k, 3) of each polygon of (p, n, 3) by mapbox_earcut, as indices into its outline."""
    if outlines.shape[1] > _MOST_CORNERS:
        raise ValueError(
            f"it has a face of {outlines.shape[1]} corners that is not convex; up to {_MOST_CORNERS} are "
            "accepted"
        )
    from mapbox_earcut import triangulate_float64

    ends = np.array([outlines.shape[1]], dtype=np.uint32)
    return [triangulate_float64(flat, ends).astype(np.int64).reshape(-1, 3) for flat in _flattened(outlines)]


def _flattened(polygons: Float64) -> Float64:
    """Polygons (p, n, 3) projected along their area vectors to (p, n, 2), counter-clockwise."""
    normal = _newell(polygons)
    across = np.cross(normal, np.eye(3)[np.abs(normal).argmin(axis=1)])
    frame = np.stack([across, np.cross(normal, across)], axis=2)
    length = np.linalg.norm(frame, axis=1, keepdims=True)
    frame = np.divide(frame, length, out=np.zeros_like(frame), where=length > 0)
    flat: Float64 = np.ascontiguousarray((polygons - polygons[:, :1]) @ frame)
    return flat

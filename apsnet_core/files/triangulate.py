"""Polygons to triangles whose total area is the polygons', convex or not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64, Int64

_MOST_CORNERS = 4096  # ear clipping takes quadratic time


def triangulate(vertices: Float64, corners: Int64, counts: Int64) -> Int64:
    """Triangles (k, 3) of polygons that list ``counts[i]`` vertices each, one after another in ``corners``.

    Convex polygons become fans, all of one size at once. Of a quad's two diagonals, the one that gives the
    smaller area lies within. The others lose one ear after another (Meisters 1975). Polygons with fewer than
    three corners have no area and give nothing. Raises ValueError for a polygon that is not convex and has
    more than 4096 corners.
    """
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if len(counts) else counts
    pieces: list[Int64] = []
    owners: list[Int64] = []
    for size in np.unique(counts[counts >= 3]):
        which = np.flatnonzero(counts == size)
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
        for owner, polygon in zip(which[~convex], polygons[~convex], strict=True):
            ears = _clip(vertices[polygon])
            pieces.append(polygon[ears])
            owners.append(np.full(len(ears), owner))
    if not pieces:
        return np.empty((0, 3), dtype=np.int64)
    triangles = np.concatenate(pieces)
    return triangles[np.argsort(np.concatenate(owners), kind="stable")].astype(np.int64)


def _cut_within(vertices: Float64, quads: Int64) -> Int64:
    """Quads (p, 4), turned where needed so that the diagonal from the first corner is the better one."""
    a, b, c, d = (vertices[quads[:, k]] for k in range(4))
    ac = _area(a, b, c) + _area(a, c, d)
    bd = _area(b, c, d) + _area(b, d, a)
    return np.where((bd < ac * (1 - 1e-9))[:, None], np.roll(quads, -1, axis=1), quads)


def _area(a: Float64, b: Float64, c: Float64) -> Float64:
    area: Float64 = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return area


def _newell(polygons: Float64) -> Float64:
    """Area vectors (p, 3) of polygons (p, n, 3): half their cross-product sums, whatever their shape."""
    around = polygons - polygons[:, :1]
    area: Float64 = np.cross(around, np.roll(around, -1, axis=1)).sum(axis=1) / 2
    return area


def _convex(polygons: Float64) -> npt.NDArray[np.bool_]:
    """(p,) whether a fan from the first corner covers each polygon of (p, n, 3) exactly.

    It does where no triangle of the fan turns against the polygon; a star seen from its first corner counts.
    """
    around = polygons - polygons[:, :1]
    turns = np.cross(around[:, 1:-1], around[:, 2:]) @ _newell(polygons)[:, :, None]
    scale = (around**2).sum(axis=2).max(axis=1)
    covered: npt.NDArray[np.bool_] = turns[:, :, 0].min(axis=1) >= -1e-12 * scale**2
    return covered


def _clip(corners: Float64) -> Int64:
    """Triangles (n - 2, 3), as positions in ``corners`` (n, 3), of one simple polygon."""
    if len(corners) > _MOST_CORNERS:
        raise ValueError(
            f"it has a face of {len(corners)} corners that is not convex; up to {_MOST_CORNERS} are accepted"
        )
    flat = _flatten(corners)
    left = list(range(len(flat)))
    triangles: list[tuple[int, int, int]] = []
    at = misses = 0
    while len(left) > 3:
        if misses == len(left):  # the outline crosses itself: least is covered twice by the smallest corner
            at = int(np.abs(_cross(*(flat[np.roll(left, step)] for step in (1, 0, -1)))).argmin())
        a, b, c = (left[(at + step) % len(left)] for step in (-1, 0, 1))
        if misses == len(left) or _is_ear(flat, left, a, b, c):
            triangles.append((a, b, c))
            left.pop(at)
            misses = 0
        else:
            misses += 1
        at = (at + 1) % len(left)  # past the next corner, or the ears would make one thin fan
    return np.array([*triangles, tuple(left)], dtype=np.int64)


def _flatten(corners: Float64) -> Float64:
    """(n, 2): the polygon in its own plane, counter-clockwise."""
    normal = _newell(corners[None])[0]
    first, second = np.linalg.svd(normal[None])[2][1:]
    if np.cross(first, second) @ normal < 0:
        first, second = second, first
    flat: Float64 = (corners - corners[0]) @ np.column_stack([first, second])
    return flat


def _cross(o: Float64, p: Float64, q: Float64) -> Float64:
    result: Float64 = (p[..., 0] - o[..., 0]) * (q[..., 1] - o[..., 1]) - (p[..., 1] - o[..., 1]) * (
        q[..., 0] - o[..., 0]
    )
    return result


def _is_ear(flat: Float64, left: list[int], a: int, b: int, c: int) -> bool:
    """Whether the corner a-b-c turns inwards and holds no other corner of what is left."""
    if _cross(flat[a], flat[b], flat[c]) < 0:
        return False
    others = flat[left]
    # A corner that lies on one of the three (a hole's bridge is walked twice) does not block.
    apart = np.ones(len(others), dtype=bool)
    for corner in (a, b, c):
        apart &= (others != flat[corner]).any(axis=1)
    others = others[apart]
    inside = (
        (_cross(flat[a], flat[b], others) >= 0)
        & (_cross(flat[b], flat[c], others) >= 0)
        & (_cross(flat[c], flat[a], others) >= 0)
    )
    return not bool(inside.any())

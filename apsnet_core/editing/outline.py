"""Find the pixels inside an area drawn over a picture: a polygon, or the stroke of a brush."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from apsnet_core.types import Array, Float64, Int64, Mask

_CELLS = 128  # along each side of the area's bounding box
_BLOCK = 1 << 16
_SURFACE = 4  # the least average number of points per cell that shows the depth of a surface
_STRAY = 2  # the most stray points in front of the surface in a cell with enough points

Inside = Callable[[Float64], Mask]


class Area:
    """An area in a picture, prepared for fast tests of many pixels.

    ``exact`` returns the mask of the pixels (n, 2), within the box from ``low`` to ``high``, that are in the
    area. It is called once for the centres of all cells of a grid. Later it is called only for pixels in
    cells that the border may cross; ``unsure`` marks these, given the centres (k, 2) and half a diagonal.
    """

    def __init__(
        self, low: Float64, high: Float64, exact: Inside, unsure: Callable[[Float64, float], Mask]
    ) -> None:
        self._low, self._high, self._exact = low, high, exact
        self._edge = np.maximum((high - low) / _CELLS, 1e-9)
        steps = np.arange(_CELLS) + 0.5
        columns, lines = (low + self._edge * steps[:, None]).T
        middles = np.stack(np.meshgrid(columns, lines, indexing="ij"), axis=-1).reshape(-1, 2)
        self._open = unsure(middles, float(np.linalg.norm(self._edge)) * 0.51)
        self._whole = exact(middles)

    def contains(self, pixels: Array) -> Mask:
        """The mask (n,) of the ``pixels`` (n, 2) in the area; non-finite pixels are outside."""
        found = np.zeros(len(pixels), dtype=np.bool_)
        x, y = pixels[:, 0], pixels[:, 1]
        (left, top), (right, bottom) = self._low, self._high
        rows = np.flatnonzero((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
        within = np.asarray(pixels[rows], dtype=np.float64)
        slot = np.minimum(((within - self._low) / self._edge).astype(np.int64), _CELLS - 1)
        cell = slot[:, 0] * _CELLS + slot[:, 1]
        decided = self._whole[cell]
        unsure = np.flatnonzero(self._open[cell])
        decided[unsure] = self._exact(within[unsure])
        found[rows] = decided
        return found


def polygon(corners: Array) -> Area:
    """The inside of a polygon with ``corners`` (k, 2), by the even-odd rule; it may cross itself.

    With fewer than three corners the area is empty.
    """
    corners = np.asarray(corners, dtype=np.float64)
    if len(corners) < 3:
        return _nothing()
    closed = np.vstack([corners, corners[:1]])
    return Area(
        corners.min(axis=0),
        corners.max(axis=0),
        lambda pixels: _crossings(pixels, corners) % 2 == 1,
        lambda middles, half: distance_to_path(middles, closed) <= half,
    )


def stroke(path: Array, radius: float) -> Area:
    """The area covered by a round brush of ``radius`` along ``path`` (k, 2)."""
    path = np.asarray(path, dtype=np.float64)
    if not len(path) or not radius > 0:
        return _nothing()
    return Area(
        path.min(axis=0) - radius,
        path.max(axis=0) + radius,
        lambda pixels: distance_to_path(pixels, path) <= radius,
        lambda middles, half: np.abs(distance_to_path(middles, path) - radius) <= half,
    )


def points_in_polygon(pixels: Array, corners: Array) -> Mask:
    """The mask (n,) of the ``pixels`` (n, 2) inside a `polygon`.

    >>> points_in_polygon(np.array([[1, 1], [3, 1]]), np.array([[0, 0], [2, 0], [2, 2], [0, 2]])).tolist()
    [True, False]
    """
    return polygon(corners).contains(pixels)


def distance_to_path(pixels: Array, path: Array) -> Float64:
    """The distances (n,) of ``pixels`` (n, 2) from the polyline ``path`` (k, 2), with k at least 1."""
    along = np.asarray(path, dtype=np.float64)
    nearest = np.full(len(pixels), np.inf)
    starts, ends = (along, along) if len(along) == 1 else (along[:-1], along[1:])
    for first in range(0, len(pixels), _BLOCK):
        part = np.asarray(pixels[first : first + _BLOCK], dtype=np.float64)
        least = np.full(len(part), np.inf)
        for start, end in zip(starts, ends, strict=True):
            way = end - start
            length = float(way @ way)
            share = np.clip((part - start) @ way / length, 0, 1) if length else np.zeros(len(part))
            away = part - start - share[:, None] * way
            np.minimum(least, np.einsum("ni,ni->n", away, away), out=least)
        nearest[first : first + _BLOCK] = least
    found: Float64 = np.sqrt(nearest)
    return found


def _nothing() -> Area:
    return Area(np.zeros(2), np.full(2, -1.0), _none, lambda middles, _: _none(middles))


def _none(pixels: Float64) -> Mask:
    return np.zeros(len(pixels), dtype=np.bool_)


def in_front(pixels: Array, depth: Array, cell: float, slack: float, widest: float = 0.0) -> Mask:
    """The mask (n,) of the points at most ``slack`` behind the front surface in their cell of the picture.

    ``pixels`` (n, 2) are positions in the picture, ``depth`` (n,) distances from the eye. Points hidden by a
    surface are left out. If cells have few points on average, their size of ``cell`` pixels is increased up
    to ``widest``. In a cell with many points, one or two in front of the others are stray points.
    """
    if not len(pixels):
        return np.zeros(0, dtype=np.bool_)
    slots, count = _slots(pixels, cell)
    while len(pixels) < _SURFACE * len(count) and cell * 1.5 <= widest:
        cell *= 1.5
        slots, count = _slots(pixels, cell)
    order = np.lexsort((depth, slots))
    first = np.cumsum(count) - count
    surface = depth[order][first + np.minimum(count // _SURFACE, _STRAY)]
    found: Mask = depth <= surface[slots] + slack
    return found


def _slots(pixels: Array, cell: float) -> tuple[Int64, Int64]:
    """The cell number (n,) of each pixel, and the number of pixels (k,) in each cell."""
    slot = np.floor((pixels - pixels.min(axis=0)) / cell).astype(np.int64)
    _, slots, count = np.unique(
        slot[:, 0] * (slot[:, 1].max() + 1) + slot[:, 1], return_inverse=True, return_counts=True
    )
    return slots.astype(np.int64), count.astype(np.int64)


def _crossings(points: Float64, corners: Float64) -> Int64:
    """The number (n,) of edges that a ray from each of ``points`` (n, 2) to the right crosses."""
    count = np.zeros(len(points), dtype=np.int64)
    x, y = points[:, 0], points[:, 1]
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        spans = (ay > y) != (by > y)
        if ay != by:
            count += spans & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return count

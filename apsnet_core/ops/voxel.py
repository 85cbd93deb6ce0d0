"""Voxel sampling: one point for every occupied cell of a regular grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

import numpy as np

from apsnet_core.cloud import Float32, Int64
from apsnet_core.placing import corners
from apsnet_core.types import Array

# A grid of up to this many cells is counted in a table with an entry for each; a finer one is sorted.
_TABLE = 1 << 24
# A grid of up to this many cells has sums for every cell, occupied or not.
_FEW = 1 << 18
# The number of points whose voxels are computed at a time; they fit into the CPU's cache.
_BLOCK = 1 << 16
# Up to this many points, the coordinates relative to the lowest corner are kept in memory.
_KEPT = 1 << 19
# Limit of cells along an axis: the product of two fits into 64 bits, and float32 resolves no finer cells.
_FINEST = 1 << 31


def voxel_sample(points: Float32, voxel_size: float) -> Int64:
    """Select from each occupied voxel of ``points`` (n, 3) the point nearest to the mean of its points.

    Returns the indices (k,) in ascending order. The grid starts at the cloud's lowest corner; ``voxel_size``
    is in units of the points. Ties go to the lowest index. Raises ValueError if there are no points, or if
    the size is not positive or far too small for them.

    >>> voxel_sample(np.array([[0, 0, 0], [0.1, 0, 0], [3, 0, 0]], np.float32), 1.0).tolist()
    [0, 2]
    """
    return np.sort(_representatives(_Grid(_Placed(points), voxel_size)))


def voxel_sample_exactly(points: Float32, m: int) -> Int64:
    """Select ``m`` distinct indices (m,) of ``points`` (n, 3), ascending, by voxels of a suitable size.

    The grid is the coarsest one found with at least ``m`` occupied voxels; surplus voxels are left out at
    even steps. If even the finest grid has fewer, because equal points share a voxel, the lowest unused
    indices are added. Raises ValueError if ``m`` is not in 1..n.
    """
    if not 1 <= m <= len(points):
        raise ValueError(f"cannot take {m} of {len(points)} points: at least 1, at most all of them")
    placed = _Placed(points)
    extent = float(placed.extent.max())
    if not extent:
        return np.arange(m)
    # Bisect, on a logarithmic scale, between a size that gives enough voxels and one that gives too few.
    finer, coarser = extent * 2.0**-24, extent * 2.0
    occupied = -1
    while occupied != m and finer * 1.001 < coarser:
        middle = (finer * coarser) ** 0.5
        occupied = _occupied(_Grid(placed, middle), m)
        finer, coarser = (middle, coarser) if occupied >= m else (finer, middle)
    rows = _representatives(_Grid(placed, finer))
    if len(rows) >= m:
        return np.sort(rows[np.arange(m) * len(rows) // m])
    others = np.setdiff1d(np.arange(len(points)), rows, assume_unique=True)
    return np.sort(np.concatenate([rows, others[: m - len(rows)]]))


class _Placed:
    """Points (n, 3) relative to their lowest corner. ``extent`` (3,) is the size of their bounding box."""

    def __init__(self, points: Float32) -> None:
        if points.ndim != 2 or points.shape[1] != 3 or not len(points):
            raise ValueError(f"points must be (n, 3), at least one, not {points.shape}")
        self._points = points
        low, high = corners(points)
        self._low = low.astype(np.float32)[:, None]
        self.extent = high.astype(np.float32) - self._low[:, 0]
        self._kept = self._from_corner(slice(None)) if len(points) <= _KEPT else None

    def __len__(self) -> int:
        return len(self._points)

    def blocks(self) -> Iterator[tuple[slice, Float32]]:
        """Yield blocks: a slice of rows, and their coordinates (3, b)."""
        for first in range(0, len(self), _BLOCK):
            rows = slice(first, min(first + _BLOCK, len(self)))
            yield rows, self._from_corner(rows) if self._kept is None else self._kept[:, rows]

    def _from_corner(self, rows: slice) -> Float32:
        planes: Float32 = self._points[rows].T.astype(np.float32, order="C")
        planes -= self._low
        return planes


class _Grid:
    """A grid of voxels with a given edge over placed points. The voxels' numbers are below ``voxels``."""

    def __init__(self, placed: _Placed, edge: float) -> None:
        if not 0.0 < edge < np.inf:
            raise ValueError(f"the size of a voxel must be a positive number, not {edge}")
        if float(placed.extent.max()) / edge >= _FINEST:
            raise ValueError(
                f"voxels of size {edge} are too small for a cloud of extent {placed.extent.max()}"
            )
        self._placed, self._edge = placed, np.float32(edge)
        self._slots = [int(slots) + 1 for slots in (placed.extent / self._edge).astype(np.int64)]
        self.voxels = prod(self._slots)
        self._numbers: Int64 | None = None
        if self.voxels > np.iinfo(np.int64).max:  # too many: renumber the occupied ones at each axis
            self._numbers, self.voxels = self._renumbered()

    def __len__(self) -> int:
        return len(self._placed)

    def blocks(self) -> Iterator[tuple[slice, Float32, Int64]]:
        """Yield blocks: a slice of rows, coordinates (3, b) in units of the edge, and voxel numbers (b,)."""
        kind = np.int32 if self.voxels <= np.iinfo(np.int32).max else np.int64  # int32 is faster
        for rows, planes in self._placed.blocks():
            along = planes / self._edge
            if self._numbers is not None:
                yield rows, along, self._numbers[rows]
                continue
            number = along[0].astype(kind)
            for slots, plane in zip(self._slots[1:], along[1:], strict=True):
                number *= slots
                number += plane.astype(kind)
            yield rows, along, number.astype(np.int64)

    def _renumbered(self) -> tuple[Int64, int]:
        number, voxels = np.zeros(len(self), dtype=np.int64), 1
        for axis, slots in enumerate(self._slots):
            if voxels * slots > np.iinfo(np.int64).max:
                occupied, number = np.unique(number, return_inverse=True)
                voxels = len(occupied)
            number *= slots
            voxels *= slots
            for rows, planes in self._placed.blocks():
                number[rows] += (planes[axis] / self._edge).astype(np.int64)
        return number, voxels


def _representatives(grid: _Grid) -> Int64:
    """The index of the point nearest to the mean of each occupied voxel, in the order of the voxels."""
    place, voxels = _places(grid)
    count, mean = np.zeros(voxels, np.int64), np.zeros((3, voxels))

    def blocks() -> Iterator[tuple[slice, Float32, Int64]]:
        return ((rows, along, place(number)) for rows, along, number in grid.blocks())

    again = blocks if len(grid) > _BLOCK else list(blocks()).__iter__
    for _, along, voxel in again():
        _add(count, voxel, None)
        for sums, plane in zip(mean, along, strict=True):
            _add(sums, voxel, plane)
    middle = (mean / np.maximum(count, 1)).astype(np.float32)
    nearest = np.full(voxels, np.inf, dtype=np.float32)
    row = np.zeros(voxels, dtype=np.int64)
    for rows, along, voxel in again():
        apart = along - middle.take(voxel, axis=1)
        apart *= apart
        away = apart[0] + apart[1] + apart[2]
        before = nearest[voxel]
        np.minimum.at(nearest, voxel, away)
        found = np.flatnonzero((away < before) & (away == nearest[voxel]))[::-1]
        row[voxel[found]] = found + rows.start  # of equally near points the first, because it is written last
    return row[count > 0]


def _add(sums: Array, voxel: Int64, values: Float32 | None) -> None:
    """Add ``values`` (b,), or 1 for each point if None, to the ``sums`` of the points' voxels."""
    if len(sums) <= len(voxel):
        sums += np.bincount(voxel, values, len(sums))
    else:  # few points and many voxels
        np.add.at(sums, voxel, 1 if values is None else values.astype(np.float64))


def _places(grid: _Grid) -> tuple[Callable[[Int64], Int64], int]:
    """Return a function from voxel numbers to positions among the occupied voxels, and how many there are.

    If the grid has few voxels for the number of points, every voxel has a position, occupied or not.
    """
    if grid.voxels <= min(_FEW, len(grid)):
        return lambda number: number, grid.voxels
    if grid.voxels <= _TABLE:
        seen = np.zeros(grid.voxels, dtype=np.bool_)
        for _, _, number in grid.blocks():
            seen[number] = True
        places = np.cumsum(seen, dtype=np.int32)
        places -= 1
        return lambda number: places[number].astype(np.int64), int(places[-1]) + 1
    occupied = _distinct([_distinct([number]) for _, _, number in grid.blocks()])
    return lambda number: np.searchsorted(occupied, number), len(occupied)


def _occupied(grid: _Grid, enough: int) -> int:
    """The number of occupied voxels. Counting may stop once there are more than ``enough``."""
    if grid.voxels <= _TABLE:
        seen = np.zeros(grid.voxels, dtype=np.bool_)
        for turn, (_, _, number) in enumerate(grid.blocks(), 1):
            seen[number] = True
            if turn & (turn - 1) == 0 and (found := int(np.count_nonzero(seen))) > enough:
                return found
        return int(np.count_nonzero(seen))
    known, waiting = np.zeros(0, np.int64), []
    for _, _, number in grid.blocks():
        waiting.append(_distinct([number]))
        if sum(map(len, waiting)) > enough:
            known, waiting = _distinct([known, *waiting]), []
            if len(known) > enough:
                break
    return len(_distinct([known, *waiting]) if waiting else known)


def _distinct(numbers: list[Int64]) -> Int64:
    """The distinct numbers in ascending order, by sorting, which is faster than `numpy.unique`."""
    everything = np.concatenate(numbers)
    everything.sort()
    first = np.ones(len(everything), dtype=np.bool_)
    np.not_equal(everything[1:], everything[:-1], out=first[1:])
    return everything[first]

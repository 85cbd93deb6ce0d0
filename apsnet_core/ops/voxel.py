"""Voxel sampling: one point for every occupied cell of a regular grid."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float32, Int64

# A grid of up to this many cells is counted in a table with a slot for each; a finer one is sorted.
_TABLE = 1 << 24
# Cells along one axis: two axes together still fit 64 bits, and float32 tells no finer ones apart.
_FINEST = 1 << 31


def voxel_sample(points: Float32, voxel_size: float) -> Int64:
    """Of the ``points`` (n, 3) in each voxel the one nearest to their mean: ascending rows (k,).

    The grid starts at the cloud's lowest corner; ``voxel_size`` is in units of the points. Ties go to the
    lowest row. ``ValueError`` if there are no points, or the size is not positive or far too small for them.

    >>> voxel_sample(np.array([[0, 0, 0], [0.1, 0, 0], [3, 0, 0]], np.float32), 1.0).tolist()
    [0, 2]
    """
    return np.sort(_representatives(_from_corner(points), voxel_size))


def voxel_sample_exactly(points: Float32, m: int) -> Int64:
    """``m`` distinct rows (m,) of ``points`` (n, 3), ascending, from the coarsest grid found to hold as many.

    What the grid has beyond ``m`` is left out at even steps from voxel to voxel. Where even the finest grid
    has fewer, as equal points share a voxel, the lowest rows not yet taken make up for it. ``ValueError`` if
    ``m`` is not in 1..n.
    """
    if not 1 <= m <= len(points):
        raise ValueError(f"cannot take {m} of {len(points)} points: at least 1, at most all of them")
    planes = _from_corner(points)
    extent = float(planes.max())
    if not extent:
        return np.arange(m)
    # Halve, on a logarithmic scale, the range between a size that gives too few voxels and one that does not.
    finer, coarser = extent * 2.0**-24, extent * 2.0
    occupied = -1
    while occupied != m and finer * 1.001 < coarser:
        middle = (finer * coarser) ** 0.5
        occupied = _occupied(planes, middle)
        finer, coarser = (middle, coarser) if occupied >= m else (finer, middle)
    rows = _representatives(planes, finer)
    if len(rows) >= m:
        return np.sort(rows[np.arange(m) * len(rows) // m])
    others = np.setdiff1d(np.arange(len(points)), rows, assume_unique=True)
    return np.sort(np.concatenate([rows, others[: m - len(rows)]]))


def _from_corner(points: Float32) -> Float32:
    """The coordinates (3, n), one after the other, from the cloud's lowest corner."""
    if points.ndim != 2 or points.shape[1] != 3 or not len(points):
        raise ValueError(f"points must be (n, 3), at least one, not {points.shape}")
    planes: Float32 = points.T.astype(np.float32, order="C")
    planes -= planes.min(axis=1, keepdims=True)
    return planes


def _representatives(planes: Float32, voxel_size: float) -> Int64:
    """The row nearest to the mean of each occupied voxel, voxel after voxel."""
    voxel, voxels = _voxels(planes, voxel_size)
    if voxels > _TABLE:
        voxel, voxels = _renumbered(voxel)
    count = np.bincount(voxel, minlength=voxels)
    divisor = np.maximum(count, 1)
    away = np.zeros(len(voxel), dtype=np.float32)
    for plane in planes:
        along = plane / np.float32(voxel_size)
        mean = np.bincount(voxel, weights=along, minlength=voxels) / divisor
        along -= mean.astype(np.float32)[voxel]
        along *= along
        away += along
    nearest = np.full(voxels, np.inf, dtype=np.float32)
    np.minimum.at(nearest, voxel, away)
    candidates = np.flatnonzero(away == nearest[voxel])
    # Written from the last to the first, the lowest row of a tie stays.
    row = np.empty(voxels, dtype=np.int64)
    row[voxel[candidates[::-1]]] = candidates[::-1]
    return row[count > 0]


def _occupied(planes: Float32, voxel_size: float) -> int:
    """How many voxels of that size have a point in them."""
    voxel, voxels = _voxels(planes, voxel_size)
    if voxels > _TABLE:
        voxel.sort()
        return 1 + int(np.count_nonzero(voxel[1:] != voxel[:-1]))
    seen = np.zeros(voxels, dtype=np.bool_)
    seen[voxel] = True
    return int(seen.sum())


def _voxels(planes: Float32, voxel_size: float) -> tuple[Int64, int]:
    """The number of each point's voxel (n,), and what all numbers are below."""
    if not 0.0 < voxel_size < np.inf:
        raise ValueError(f"the size of a voxel must be a positive number, not {voxel_size}")
    if float(planes.max()) / voxel_size >= _FINEST:
        raise ValueError(f"voxels of size {voxel_size} are too small for a cloud of extent {planes.max()}")
    voxel, voxels = np.zeros(planes.shape[1], dtype=np.int64), 1
    for along in planes:
        slot = (along / np.float32(voxel_size)).astype(np.int64)
        slots = int(slot.max()) + 1
        if voxels * slots > np.iinfo(np.int64).max:
            voxel, voxels = _renumbered(voxel)
        voxel *= slots
        voxel += slot
        voxels *= slots
    return voxel, voxels


def _renumbered(voxel: Int64) -> tuple[Int64, int]:
    """The same voxels numbered without gaps, in the same order, and how many they are."""
    occupied, number = np.unique(voxel, return_inverse=True)
    return number, len(occupied)

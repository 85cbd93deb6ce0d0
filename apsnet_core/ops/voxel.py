"""Voxel sampling: one point for every occupied cell of a regular grid."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float32, Int64


def voxel_sample(points: Float32, voxel_size: float) -> Int64:
    """Ascending indices (k,) of one point of ``points`` (n, 3) per occupied voxel: the one nearest to the voxel's mean.

    The grid starts at the cloud's lowest corner; ``voxel_size`` is in units of the points. Ties go to the lowest index.
    """
    low = points.min(axis=0)
    cells = np.floor((points - low).astype(np.float64) / voxel_size).astype(np.int64)
    _, voxel, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    voxel = voxel.reshape(-1)
    sums = np.stack([np.bincount(voxel, weights=points[:, axis]) for axis in range(3)], axis=1)
    away = ((points - (sums / count[:, None])[voxel]) ** 2).sum(axis=1)
    order = np.lexsort((np.arange(len(points)), away, voxel))
    firsts = np.concatenate([[0], np.cumsum(count)[:-1]])
    return np.sort(order[firsts])

"""Voxel sampling with a dictionary of voxels."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from apsnet_core.cloud import Float32


def voxels(points: Float32, voxel_size: float) -> list[list[int]]:
    """The rows of ``points`` (n, 3) in each occupied voxel."""
    inside = defaultdict(list)
    low = points.min(axis=0)
    for row, point in enumerate(points):
        cell = np.floor((point - low) / np.float32(voxel_size))
        inside[tuple(cell.tolist())].append(row)
    return list(inside.values())

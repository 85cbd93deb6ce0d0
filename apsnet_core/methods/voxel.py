"""Voxel sampling: one point for each occupied cell of a regular grid, as coarse as m points allow."""

from __future__ import annotations

from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """Select ``m`` distinct indices of ``points`` (n, 3), ascending. The seed has no effect."""
    from apsnet_core.ops.voxel import voxel_sample_exactly

    return voxel_sample_exactly(points, m)


VOXEL = Method(
    name="voxel",
    label="Voxel",
    about="A regular grid, and one point for each of its cells that holds any.",
    colour="#56b4e9",
    choose=choose_rows,
    seeded=False,
    also=("grid", "voxel_grid"),
)

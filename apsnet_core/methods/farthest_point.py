"""Farthest point sampling: each next point is the one farthest from all selected points."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """Select ``m`` distinct indices of ``points`` (n, 3), in order of selection. The seed draws the first."""
    from apsnet_core.ops.farthest_point_cpu import farthest_rows

    return farthest_rows(points, m, int(np.random.default_rng(seed).integers(len(points))))


FARTHEST_POINT = Method(
    name="farthest_point",
    label="Farthest point",
    about="Each next point is the one farthest from all points taken so far.",
    colour="#0072b2",
    choose=choose_rows,
    nested=True,
    also=("fps", "farthest"),
)

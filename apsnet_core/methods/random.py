"""Random sampling: all points are equally likely, and none is selected twice."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """Draw ``m`` distinct indices of ``points`` (n, 3), in the order of drawing."""
    return np.random.default_rng(seed).choice(len(points), m, replace=False).astype(np.int64)


RANDOM = Method(
    name="random",
    label="Random",
    about="Every point is as likely as every other.",
    colour="#8c8c8c",
    choose=choose_rows,
)

"""Farthest point sampling: each next point is the one farthest from all points taken so far."""

from __future__ import annotations

import numpy as np
import torch

from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.interface import RowSampler
from apsnet_core.ops import farthest_point_sample


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """``m`` distinct rows of ``points`` (n, 3), in the order they were taken; the seed draws the first."""
    start = int(np.random.default_rng(seed).integers(len(points)))
    rows: Int64 = farthest_point_sample(torch.tensor(points)[None], m, start)[0].numpy()
    return rows


farthest_point = RowSampler("farthest_point", choose_rows)

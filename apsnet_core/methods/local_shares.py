"""The number of samples of each part of a cloud, by its number of points, its area, or its attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from apsnet_core.cloud import Float64, Int64, PointCloud
from apsnet_core.methods.creating import CheckedSampler
from apsnet_core.methods.local_parts import Part

Share = Literal["points", "area", "attention"]
SHARES: tuple[Share, ...] = ("points", "area", "attention")

_COARSE = 64  # steps for the attention over the whole cloud


def shares(cloud: PointCloud, share: Share, sampler: CheckedSampler, seed: int) -> Float64:
    """The weight (n,) of each point for ``share``. The weights sum to 1."""
    if share == "points":
        weights = np.ones(len(cloud))
    elif share == "area":
        # The cells are large enough that a sparse surface has no empty ones, so that each covers equal area.
        from apsnet_core.editing.clusters import thinned
        from apsnet_core.ops.neighbours import spacing

        diagonal = float(np.linalg.norm(np.ptp(cloud.xyz, axis=0)))
        edge = max(4 * spacing(cloud.xyz, quantile=0.95), 1e-4 * diagonal)
        _, cell, count = thinned(cloud.xyz, edge or 1.0)
        weights = 1.0 / count[cell]
    else:
        from apsnet_core.methods.attention import heatmap

        if not sampler.row.stepwise:
            raise ValueError(f"{sampler.row.label} has no attention to share by: use apsnet")
        steps = min(_COARSE, len(cloud))
        weights = heatmap(sampler.sample(cloud, steps, seed), cloud).astype(np.float64)
        weights += 1e-3 * weights.mean()  # every part gets some samples
    return np.asarray(weights / weights.sum())


def whole_quotas(weights: Sequence[float], parts: Sequence[Part], m: int) -> Int64:
    """The number of samples (parts,) of each part: its share of ``m``, an integer, at most its points."""
    most = np.array([len(part.rows) for part in parts])
    m = min(m, int(most.sum()))
    left, open_ = float(m), np.ones(len(parts), dtype=np.bool_)
    share = np.array(weights)
    exact = np.zeros(len(parts))
    while open_.any() and left > 1e-9:  # the surplus of full parts goes to the others
        exact[open_] += left * share[open_] / share[open_].sum()
        over = exact > most
        left = float((exact - most)[over].sum())
        exact[over] = most[over]
        open_ &= exact < most
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    for k in [k for k in order.tolist() if whole[k] < most[k]][: m - int(whole.sum())]:
        whole[k] += 1
    return whole

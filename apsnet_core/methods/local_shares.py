"""How many points each part of a cloud gives: by its points, its area, or the attention to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from apsnet_core.cloud import Float64, Int64, PointCloud
from apsnet_core.methods.creating import CheckedSampler
from apsnet_core.methods.local_parts import Part

Share = Literal["points", "area", "attention"]
SHARES: tuple[Share, ...] = ("points", "area", "attention")

_COARSE = 64  # steps of the attention to the whole


def shares(cloud: PointCloud, share: Share, sampler: CheckedSampler, seed: int) -> Float64:
    """What each point (n,) weighs; all together 1."""
    if share == "points":
        weights = np.ones(len(cloud))
    elif share == "area":
        # Cells so large that a surface fills them where its points are few: each stands for as much area.
        from apsnet_core.editing.clusters import thinned
        from apsnet_core.ops.neighbours import spacing

        diagonal = float(np.linalg.norm(np.ptp(cloud.xyz, axis=0)))
        edge = max(4 * spacing(cloud.xyz, quantile=0.95), 1e-4 * diagonal)
        _, cell, count = thinned(cloud.xyz, edge or 1.0)
        weights = 1.0 / count[cell]
    else:
        from apsnet_core.methods.attention import heatmap

        if not sampler.row.stepwise:
            raise ValueError(f"{sampler.row.label} has no attention to share by; apsnet has")
        steps = min(_COARSE, len(cloud))
        weights = heatmap(sampler.sample(cloud, steps, seed), cloud).astype(np.float64)
        weights += 1e-3 * weights.mean()  # no part goes without
    return np.asarray(weights / weights.sum())


def whole_quotas(weights: Sequence[float], parts: Sequence[Part], m: int) -> Int64:
    """How many points (parts,) each gives: its share of ``m``, whole numbers, none more than it has."""
    most = np.array([len(part.rows) for part in parts])
    m = min(m, int(most.sum()))
    left, open_ = float(m), np.ones(len(parts), dtype=np.bool_)
    share = np.array(weights)
    exact = np.zeros(len(parts))
    while open_.any() and left > 1e-9:  # what a full part cannot take goes to the others
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

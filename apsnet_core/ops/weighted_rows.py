"""Rows drawn by weights, none twice."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.types import Float64, Int64


def weighted_rows(weights: Float64, m: int, seed: int) -> Int64:
    """``m`` distinct rows, drawn one after another by their ``weights`` (n,) above 0, the first drawn first.

    By the largest of log(u) / w (Efraimidis and Spirakis, 2006).
    """
    draw = np.log(np.random.default_rng(seed).random(len(weights))) / weights
    first = np.argpartition(-draw, m - 1)[:m]
    return first[np.argsort(-draw[first], kind="stable")].astype(np.int64)

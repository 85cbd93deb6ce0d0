"""Rows drawn by weights, none twice."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.types import Float64, Int64

# About so many rows tell how early the first m are drawn.
_ASKED = 4096


def weighted_rows(weights: Float64, m: int, seed: int) -> Int64:
    """``m`` distinct rows, drawn one after another by their ``weights`` (n,) above 0, the first drawn first.

    By the largest of log(u) / w (Efraimidis and Spirakis, 2006).
    """
    late = np.log(np.random.default_rng(seed).random(len(weights)))
    late /= weights
    np.negative(late, out=late)
    first = np.flatnonzero(late <= _guessed(late, m))
    if len(first) < m:
        first = np.flatnonzero(late <= np.partition(late, m - 1)[m - 1])
    drawn: Int64 = first[np.argsort(late[first], kind="stable")][:m].astype(np.int64)
    return drawn


def _guessed(late: Float64, m: int) -> float:
    """By when twice ``m`` rows are drawn, as some tell in a fraction of the time; -inf for a large ``m``."""
    some = late[:: max(len(late) // _ASKED, 1)]
    rank = 2 * m * len(some) // len(late) + 16
    return float(np.partition(some, rank)[rank]) if rank < len(some) // 2 else -np.inf

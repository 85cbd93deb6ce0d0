"""Weighted random sampling of indices without replacement."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.types import Float64, Int64

# About this many entries are used to estimate a threshold for the first m.
_ASKED = 4096


def weighted_rows(weights: Float64, m: int, seed: int) -> Int64:
    """Draw ``m`` distinct indices, one after another, with probability in proportion to ``weights`` (n,) > 0.

    The indices are in the order of drawing. They have the largest values of log(u) / w (Efraimidis and
    Spirakis, 2006).
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
    """Estimate, from some of the entries, the value of ``late`` below which twice ``m`` indices are.

    This avoids most of the partition. Returns -inf if ``m`` is too large for it.
    """
    some = late[:: max(len(late) // _ASKED, 1)]
    rank = 2 * m * len(some) // len(late) + 16
    return float(np.partition(some, rank)[rank]) if rank < len(some) // 2 else -np.inf

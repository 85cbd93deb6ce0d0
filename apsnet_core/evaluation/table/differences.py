"""Differences of methods on the same shapes, with intervals, tests and decisions (docs/protocol.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64
from apsnet_core.types import Mask

DRAWS = 10_000
_AT_ONCE = 1000
_SEED = 0
LEVEL = 0.05

Verdict = Literal["met", "missed", "not decided"]
Term = tuple[float, Float64]
"""A factor, and the metric (seeds, S) of each run of a method on each shape."""


@dataclass(frozen=True)
class Difference:
    """A ``value``, its paired 95 % interval ``low`` to ``high``, and the two-sided ``p`` value against 0."""

    value: float
    low: float
    high: float
    p: float


def paired_bootstrap(terms: Sequence[Term], constant: float = 0.0, draws: int = DRAWS) -> Difference:
    """The sum of the ``terms``' means and a ``constant``, over shapes and seeds drawn with replacement.

    The shapes of a draw are the same for all terms. Each term draws its own seeds, one fewer than it has,
    because the draws would otherwise spread too little for few seeds (McCarthy & Snowden 1985). The interval
    holds the middle 95 % of the draws (Efron & Tibshirani 1993, Ch. 13); p is twice the smaller share of
    draws on one side of 0, where draws at 0 count on both sides. For few shapes, all draws may be on one side
    by chance, so p is never below 2^(1 - shapes), the smallest p of a sign test. A single shape says nothing
    about others, so its interval is infinite and its p is 1.
    """
    shapes = {runs.shape[1] for _, runs in terms if runs.ndim == 2}
    if len(shapes) != 1 or any(runs.ndim != 2 for _, runs in terms):
        given = [runs.shape for _, runs in terms]
        raise ValueError(f"a difference needs runs (seeds, S) on the same shapes, not {given}")
    (count,) = shapes
    value = constant + sum(factor * float(runs.mean()) for factor, runs in terms)
    if count < 2:
        return Difference(value, -math.inf, math.inf, 1.0)
    rng, drawn = np.random.default_rng(_SEED + 1), _shapes_drawn(count, draws)
    found = np.concatenate(
        [_drawn(terms, drawn[done : done + _AT_ONCE], rng) for done in range(0, draws, _AT_ONCE)]
    )
    found += constant
    # Equal numbers may be summed in another order, so a difference by rounding counts as 0.
    found[np.abs(found) < 1e-12] = 0.0
    low, high = np.quantile(found, [LEVEL / 2, 1 - LEVEL / 2])
    beyond = min(int((found <= 0).sum()), int((found >= 0).sum()))
    p = max(2 * (beyond + 1) / (draws + 1), 2.0 ** (1 - count))
    return Difference(value, float(low), float(high), min(1.0, p))


def _drawn(terms: Sequence[Term], drawn: npt.NDArray[np.uint16], rng: np.random.Generator) -> Float64:
    shares = drawn / drawn.shape[1]
    total = np.zeros(len(drawn))
    for factor, runs in terms:
        means = shares @ runs.T  # (draws, seeds)
        if len(runs) == 1:
            total += factor * means[:, 0]
            continue
        less = len(runs) - 1
        weights = _times(len(runs), len(drawn), rng, less) / less
        total += factor * (means * weights).sum(axis=1)
    return total


@lru_cache(maxsize=4)
def _shapes_drawn(count: int, draws: int) -> npt.NDArray[np.uint16]:
    """`_times` of the shapes, cached: it takes long, and is equal for all differences of as many shapes."""
    return _times(count, draws, np.random.default_rng(_SEED)).astype(np.uint16)


def _times(count: int, draws: int, rng: np.random.Generator, of: int | None = None) -> npt.NDArray[np.int64]:
    """How often each of ``count`` items is in each draw of ``of`` (default ``count``): (draws, count)."""
    return rng.multinomial(of or count, np.full(count, 1 / count), size=draws)


def holm(ps: Sequence[float]) -> list[float]:
    """Each p value adjusted for all tests together (Holm 1979); below 0.05 it is significant among them."""
    adjusted, least = [1.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = least
    return adjusted


def verdict(margin: Difference, adjusted: float) -> Verdict:
    """The decision on a ``margin`` over a goal; "not decided" if its ``adjusted`` p is not significant."""
    if adjusted >= LEVEL or margin.low <= 0 <= margin.high:
        return "not decided"
    return "met" if margin.low > 0 else "missed"


def kept(terms: Sequence[Term], which: Mask) -> list[Term]:
    """The ``terms`` on the shapes of the mask ``which``."""
    return [(factor, runs[:, which]) for factor, runs in terms]

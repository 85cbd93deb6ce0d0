"""Confidence intervals of scores, and paired tests of two methods on the same shapes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from apsnet_core.cloud import Float64
from apsnet_core.types import Mask

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A confidence interval."""

    low: float
    high: float


def wilson_interval(share: float, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval of a ``share`` of ``n`` trials (Wilson 1927), also good near 0 and 1."""
    from scipy.stats import norm

    if n < 1 or not 0 <= share <= 1:
        raise ValueError(f"a share must be 0..1 of at least one trial, not {share} of {n}")
    z = float(norm.ppf(0.5 + confidence / 2))
    shrunk = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrunk
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / shrunk
    # At 0 and 1 an end of the interval is the share itself, up to rounding.
    return Interval(max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def mean_interval(values: Float64, confidence: float = CONFIDENCE) -> Interval:
    """Student's interval of the mean of independent ``values`` (n,); infinite for a single one."""
    from scipy.stats import t

    n = len(values)
    if n < 2:
        return Interval(-math.inf, math.inf)
    half = float(t.ppf(0.5 + confidence / 2, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    mean = float(values.mean())
    return Interval(mean - half, mean + half)


@dataclass(frozen=True)
class Paired:
    """A test of two methods on the same shapes: how often each was better, and the two-sided ``p`` value.

    The null hypothesis is that neither method is better; ``p`` is 1 if they are equal on all shapes.
    """

    test: str
    first_better: int
    second_better: int
    p: float


def mcnemar(first: Float64, second: Float64) -> Paired:
    """McNemar's exact test of right (1) or wrong (0) answers (n,): a binomial test of those that differ."""
    from scipy.stats import binomtest

    _check_paired(first, second)
    better, worse = int(((first == 1) & (second == 0)).sum()), int(((first == 0) & (second == 1)).sum())
    p = float(binomtest(better, better + worse).pvalue) if better + worse else 1.0
    return Paired("McNemar, exact", better, worse, p)


def wilcoxon_signed_rank(first: Float64, second: Float64) -> Paired:
    """Wilcoxon's signed-rank test of errors (n,), where less is better; equal pairs are left out."""
    from scipy.stats import wilcoxon

    _check_paired(first, second)
    better, worse = int((first < second).sum()), int((first > second).sum())
    p = float(wilcoxon(first, second, zero_method="wilcox").pvalue) if better + worse else 1.0
    return Paired("Wilcoxon signed-rank", better, worse, p)


def _check_paired(first: Float64, second: Float64) -> None:
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"a paired test needs two equally long arrays, not {first.shape} and {second.shape}")


def mean_of_some(values: Float64, kept: Mask) -> float | None:
    """The mean of the ``kept`` values; None if all of them or none are kept."""
    return None if kept.all() or not kept.any() else float(values[kept].mean())

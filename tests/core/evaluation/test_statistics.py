"""Intervals and paired tests against published examples, closed forms and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from apsnet_core.evaluation.table.statistics import (
    mcnemar,
    mean_interval,
    wilcoxon_signed_rank,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_of_newcombe_1998(hits: int, n: int, low: float, high: float) -> None:
    found = wilson_interval(hits / n, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("n", [1, 20, 900])
@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_wilson_solves_its_equation(share: float, n: int, confidence: float) -> None:
    """Both ends p satisfy (share - p)^2 = z^2 p (1 - p) / n."""
    z = stats.norm.ppf(0.5 + confidence / 2)
    found = wilson_interval(share, n, confidence)
    for p in (found.low, found.high):
        assert (share - p) ** 2 == pytest.approx(z * z * p * (1 - p) / n, abs=1e-12)
    assert 0 <= found.low <= share <= found.high <= 1


def test_mean_interval_gives_the_interval_of_students_sleep_data() -> None:
    """Student 1908, the example of his paper; the interval is the one that R's documentation prints."""
    gained = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    found = mean_interval(gained)
    assert (found.low, found.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-7)


def test_one_value_has_no_interval() -> None:
    assert mean_interval(np.array([3.0])).high == math.inf


def test_mcnemar_equals_the_binomial_sum() -> None:
    first, second = np.zeros(40), np.zeros(40)
    first[:9], second[9:10] = 1, 1  # only the first is right 9 times, only the second once
    first[20:30] = second[20:30] = 1
    found = mcnemar(first, second)
    assert (found.first_better, found.second_better) == (9, 1)
    assert found.p == pytest.approx(2 * sum(math.comb(10, k) for k in (0, 1)) / 2**10)
    assert mcnemar(first, first).p == 1.0


def test_wilcoxon_on_the_depression_scores_of_hollander_and_wolfe() -> None:
    """Hollander & Wolfe 1973, p. 29: V = 40 of nine pairs, two-sided p = 0.0391, as R prints it."""
    before = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
    after = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
    found = wilcoxon_signed_rank(after, before)
    assert (found.first_better, found.second_better) == (7, 2)
    assert found.p == pytest.approx(0.0390625)


def test_equal_errors_are_no_difference() -> None:
    errors = np.arange(5.0)
    assert wilcoxon_signed_rank(errors, errors).p == 1.0


def test_different_shapes_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="two equally long arrays"):
        mcnemar(np.zeros(3), np.zeros(4))

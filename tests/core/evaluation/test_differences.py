"""Paired intervals against closed forms, a plain loop and SciPy; Holm's correction against its definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from apsnet_core.evaluation.table.differences import Difference, holm, paired_bootstrap, verdict


def test_the_bootstrap_interval_of_normal_data_is_the_normal_interval() -> None:
    rng = np.random.default_rng(3)
    first = rng.normal(1.0, 1.0, (1, 900))
    second = first - rng.normal(0.02, 0.4, (1, 900))
    found = paired_bootstrap([(1.0, first), (-1.0, second)])
    gaps = (first - second)[0]
    half = stats.norm.ppf(0.975) * gaps.std() / np.sqrt(900)
    assert found.value == pytest.approx(gaps.mean())
    assert (found.low, found.high) == pytest.approx((gaps.mean() - half, gaps.mean() + half), abs=0.002)
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(gaps.mean()) * 1.96 / half), abs=0.02)


def test_shapes_are_paired_and_seeds_are_not() -> None:
    """The oracle is a plain loop that makes one bootstrap draw at a time."""
    rng = np.random.default_rng(0)
    first, second = rng.random((3, 40)), rng.random((2, 40))
    found = paired_bootstrap([(1.0, first), (-0.5, second)], constant=0.1)
    plain = []
    for _ in range(4000):
        shapes = rng.integers(40, size=40)
        a = first[rng.integers(3, size=2)][:, shapes].mean()
        b = second[rng.integers(2, size=1)][:, shapes].mean()
        plain.append(a - 0.5 * b + 0.1)
    assert (found.low, found.high) == pytest.approx(np.quantile(plain, [0.025, 0.975]), abs=0.01)
    same = paired_bootstrap([(1.0, first[:1]), (-1.0, first[:1])])
    assert (same.value, same.low, same.high, same.p) == (0, 0, 0, 1), "paired shapes must cancel out"


def test_more_seeds_that_disagree_widen_the_interval() -> None:
    shapes = np.random.default_rng(1).random((1, 200))
    agreed, spread = np.repeat(shapes, 3, axis=0), np.concatenate([shapes - 0.2, shapes, shapes + 0.2])
    narrow, wide = (paired_bootstrap([(1.0, runs)]) for runs in (agreed, spread))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_holm_gives_the_published_example() -> None:
    """Step down: the smallest of n p-values times n, the next times n - 1, each at least the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == [] and holm([0.7, 0.9]) == [1.0, 1.0]


def test_holm_equals_its_definition_in_numpy() -> None:
    rng = np.random.default_rng(2)
    for count in (1, 2, 7, 40):
        ps = rng.random(count) ** 3
        order = np.argsort(ps)
        stepped = np.maximum.accumulate((count - np.arange(count)) * ps[order])
        assert np.array(holm(list(ps)))[order] == pytest.approx(np.minimum(stepped, 1))


def test_the_interval_equals_that_of_scipys_bootstrap() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.random(120), rng.random(120)
    found = paired_bootstrap([(1.0, first[None]), (-1.0, second[None])])
    theirs = stats.bootstrap(
        (first, second), lambda a, b: a.mean() - b.mean(), paired=True, vectorized=False,
        method="percentile", n_resamples=4000, rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.006)


@pytest.mark.parametrize(
    ("seed_spread", "least"), [(0.0, 0.92), (0.05, 0.92), (0.2, 0.865)], ids=["none", "like shapes", "mostly"]
)
def test_the_interval_covers_the_truth_about_as_often_as_stated(seed_spread: float, least: float) -> None:
    """With three seeds of each method on 100 shapes, about 93 % of 1000 intervals hold the true value.

    If most of the spread comes from the seeds, three seeds are too few for this, and 88 % do. (If as many
    seeds were drawn as there are, 84 % would.)
    """
    rng, truth, held = np.random.default_rng(8), 0.1, 0
    for _ in range(1000):
        shapes, gap = rng.normal(0, 1, 100), rng.normal(truth, 0.5, 100)
        luck = rng.normal(0, seed_spread, (2, 3, 1))
        found = paired_bootstrap([(1.0, shapes + gap + luck[0]), (-1.0, shapes + luck[1])], draws=1000)
        held += found.low <= truth <= found.high
    assert held / 1000 >= least


def test_a_table_of_equal_methods_seldom_decides_anything() -> None:
    """5 % of 150 tables with four pairs each may decide a pair wrongly; 13 is the 97.5 % quantile of that."""
    rng, wrong, plain = np.random.default_rng(9), 0, 0
    for _ in range(150):
        one = rng.normal(0, 1, (1, 100))
        found = [
            paired_bootstrap([(1.0, one), (-1.0, one + rng.normal(0, 0.5, (1, 100)))], draws=1000)
            for _ in range(4)
        ]
        adjusted = holm([each.p for each in found])
        wrong += any(verdict(each, p) != "not decided" for each, p in zip(found, adjusted, strict=True))
        plain += any(each.p < 0.05 for each in found)
    assert stats.binom(150, 0.05).cdf(13) > 0.975
    assert wrong <= 13 < plain, "without Holm's correction far more tables decide a pair"


@pytest.mark.parametrize(
    ("low", "high", "adjusted", "said"),
    [
        (0.1, 0.3, 0.01, "met"),
        (-0.3, -0.1, 0.01, "missed"),
        (-0.1, 0.3, 0.01, "not decided"),
        (0.1, 0.3, 0.06, "not decided"),
    ],
)
def test_a_verdict_needs_an_interval_without_0_and_a_small_adjusted_p(
    low: float, high: float, adjusted: float, said: str
) -> None:
    assert verdict(Difference((low + high) / 2, low, high, 0.001), adjusted) == said


def test_few_shapes_are_not_enough_for_a_decision() -> None:
    """If all shapes favour one method, p is that of the sign test; with one shape there is no interval."""
    for count in range(2, 16):
        better = np.linspace(0.5, 1.0, count)[None]
        found = paired_bootstrap([(1.0, better), (-1.0, better - 0.25)])
        assert found.p == pytest.approx(max(stats.binomtest(0, count).pvalue, 2 / 10_001))
    one = paired_bootstrap([(1.0, np.array([[0.5], [0.7]])), (-1.0, np.array([[0.1]]))])
    assert (one.low, one.high, one.p) == (-np.inf, np.inf, 1.0)
    assert one.value == pytest.approx(0.5)


def test_rounding_errors_do_not_make_a_difference_significant() -> None:
    """0.1 + 0.2 - 0.3 is 5e-17, not 0: an interval end at that value would exclude 0."""
    sums, whole = np.full((1, 40), 0.1 + 0.2), np.full((1, 40), 0.3)
    found = paired_bootstrap([(1.0, sums), (-1.0, whole)])
    assert (found.low, found.high, found.p) == (0.0, 0.0, 1.0)


def test_runs_on_different_shapes_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="the same shapes"):
        paired_bootstrap([(1.0, np.zeros((1, 3))), (-1.0, np.zeros((1, 4)))])

"""Near-identical shapes against a plain reference; they stay in one part, and each class gets its share."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.datasets.dataset import Shapes, Split, measured_normalisation, measured_up
from apsnet_core.datasets.near_identical import twin_groups, twin_pairs, twins
from apsnet_core.datasets.open import split
from apsnet_core.datasets.split import Fold, folds, hold_out
from tests.core.datasets.conftest import ellipsoid
from tests.naive import near_identical as naive


def test_near_identical_pairs_equal_those_of_the_plain_reference() -> None:
    shapes = [ellipsoid(seed) for seed in range(6)]
    shapes += [ellipsoid(seed, sample=sample) for seed, sample in [(2, 1), (5, 1), (5, 2), (4, 1)]]
    points, labels = np.stack(shapes), np.array([0] * 9 + [1])
    found = {(int(i), int(j)) for i, j in twin_pairs(points, labels)}
    assert found == naive.twin_pairs(points, labels)
    assert {(2, 6), (5, 7), (5, 8), (7, 8)} <= found
    assert not any(9 in pair for pair in found)  # shape 9 has the surface of 4, but another class


def test_near_identical_pairs_do_not_depend_on_scale_or_sampling() -> None:
    points = np.stack([ellipsoid(3), ellipsoid(3, sample=1), ellipsoid(4)])
    labels = np.zeros(3, dtype=np.int64)
    for scaled in (points, points * 250, points * 1e-3):
        assert twin_pairs(scaled.astype(np.float32), labels).tolist() == [[0, 1]]


def test_a_chain_of_twins_is_one_group() -> None:
    points = np.stack([ellipsoid(3), ellipsoid(4), ellipsoid(3, sample=1), ellipsoid(3, sample=2)])
    groups = twin_groups(points, np.zeros(4, dtype=np.int64))
    assert groups[0] == groups[2] == groups[3] != groups[1]


def test_hold_out_keeps_groups_whole_and_shares_exact() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [200, 50, 3])
    groups = np.arange(253)
    groups[:40] = rng.integers(0, 10, 40)  # ten groups of about four shapes in the first class
    held = hold_out(labels, groups, 0.1, seed=1)
    assert not set(groups[held]) & set(groups[~held])
    np.testing.assert_array_equal(np.bincount(labels[held], minlength=3), [20, 5, 0])


def test_folds_are_disjoint_even_and_keep_groups_whole() -> None:
    rng = np.random.default_rng(0)
    labels, groups = np.repeat([0, 1, 2], [203, 51, 3]), np.arange(257)
    groups[:60] = rng.integers(0, 12, 60)
    found = folds(labels, groups, 5)
    for label, fewest in ((0, 40), (1, 10), (2, 0)):
        counts = np.bincount(found[labels == label], minlength=5)
        assert fewest <= counts.min() <= counts.max() <= fewest + 1, "each fold needs its share of each class"
    assert all(len({*found[groups == group]}) == 1 for group in groups)
    shapes = Shapes(
        np.zeros((257, 1, 3), np.float32), labels, ("",) * 257, ("a", "b", "c"), None, groups=groups
    )
    parts = [split(shapes, validation=0.1, fold=Fold(number, 5)) for number in range(1, 6)]
    assert np.array_equal(sum(test.astype(int) for test, _ in parts), np.ones(257)), "tested in one fold each"
    assert not any((test & held).any() for test, held in parts) and all(held.any() for _, held in parts)
    assert np.array_equal(split(shapes, seed=9, fold=Fold(2, 5))[0], parts[1][0]), (
        "the test shapes must not depend on the seed of a training"
    )


@pytest.mark.parametrize("text", ["0/5", "6/5", "1/1", "2", "2/", "a/b", "-1/5"])
def test_the_error_for_an_invalid_fold_shows_a_valid_one(text: str) -> None:
    with pytest.raises(ValueError, match="2/5"):
        Fold.parse(text)


def test_hold_out_never_takes_a_class_that_is_one_group() -> None:
    assert not hold_out(np.zeros(10, np.int64), np.zeros(10, np.int64), 0.3, seed=0).any()


@pytest.mark.parametrize("fraction", [-0.1, 1.0])
def test_the_error_for_an_invalid_share_states_the_range(fraction: float) -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        hold_out(np.zeros(3, np.int64), np.arange(3), fraction, 0)


def test_twins_of_splits_without_groups_are_refused() -> None:
    split = Split(np.zeros((1, 8, 3), np.float32), np.zeros(1, np.int64), ("a",))
    with pytest.raises(ValueError, match="open_dataset"):
        twins(split, split)


@pytest.mark.parametrize("axis", ["y", "z"])
def test_up_is_the_axis_with_a_floor(axis: str) -> None:
    rng = np.random.default_rng(0)
    cones = rng.normal(size=(30, 400, 3))
    cones /= np.linalg.norm(cones, axis=2, keepdims=True)
    up = "xyz".index(axis)
    height = 1 - np.sqrt(rng.random((30, 400)))  # uniform on the cone's surface
    cones *= (1 - height)[..., None]
    cones[..., up] = height
    assert measured_up(cones.astype(np.float32)) == axis


def test_the_normalisation_of_clouds_is_recognised() -> None:
    sphere = np.stack([ellipsoid(i) for i in range(20)])
    assert measured_normalisation(sphere) == "unit_sphere"
    assert measured_normalisation(sphere * np.float32(0.5)) == "half_sphere"
    assert measured_normalisation(sphere * np.float32(7)) == "none"
    boxes = np.random.default_rng(0).uniform(-0.5, 0.5, (20, 2048, 3)).astype(np.float32)
    assert measured_normalisation(boxes) == "unit_cube"

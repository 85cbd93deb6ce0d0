"""DBSCAN against the textbook algorithm, and thinning against the means of the points in each cell."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.editing.clusters import NONE, by_size, dbscan, thinned
from apsnet_core.types import Float32, Int64, Mask


def textbook(points: Float32, reach: float, least: int) -> tuple[Int64, Mask]:
    """Clusters grown from core point to core point (Ester et al., 1996), and a mask of core points."""
    exact = points.astype(np.float64)
    near = np.linalg.norm(exact[:, None] - exact, axis=-1) <= reach
    core = near.sum(axis=1) >= least
    found, number = np.full(len(points), NONE), 0
    for seed in np.flatnonzero(core).tolist():
        if found[seed] == NONE:
            grown = [seed]
            while grown:
                at = grown.pop()
                if found[at] != NONE:
                    continue
                found[at] = number
                if core[at]:
                    grown += np.flatnonzero(near[at] & (found == NONE)).tolist()
            number += 1
    return found, core


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("reach", "least"), [(0.3, 1), (0.5, 4), (0.8, 8)])
def test_clusters_of_core_points_equal_those_of_the_textbook(seed: int, reach: float, least: int) -> None:
    rng = np.random.default_rng(seed)
    points = (rng.normal(size=(300, 3)) * 0.5 + rng.integers(-2, 3, (300, 3))).astype(np.float32)
    ours, (theirs, core) = dbscan(points, reach, least), textbook(points, reach, least)
    assert (core.any() and not core.all()) or least == 1
    np.testing.assert_array_equal(ours == NONE, theirs == NONE)
    same_ours = ours[core][:, None] == ours[core]
    np.testing.assert_array_equal(same_ours, theirs[core][:, None] == theirs[core])
    # A border point is in the cluster of a core point within reach.
    for at in np.flatnonzero(~core & (ours != NONE)):
        reached = np.linalg.norm(points[core].astype(np.float64) - points[at], axis=1) <= reach
        assert ours[at] in ours[core][reached]
    sizes = np.bincount(ours[ours != NONE])
    assert (np.diff(sizes) <= 0).all() and sizes.all()


def test_a_weight_counts_as_that_many_points() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [9, 0, 0], [20, 0, 0]], np.float32)
    assert dbscan(points, 1.5, least=3).tolist() == [NONE] * 4
    assert dbscan(points, 1.5, least=3, weights=np.array([2, 1, 3, 1])).tolist() == [0, 0, 1, NONE]


def test_clusters_are_numbered_by_size() -> None:
    assert by_size(np.array([7, 3, 3, NONE, 9, 7]), least=2).tolist() == [0, 1, 1, NONE, NONE, 0]


def test_a_cell_has_the_mean_of_its_points() -> None:
    points = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32)
    means, cell, count = thinned(points, 0.5)
    assert count.sum() == 500 and len(cell) == 500
    corner = points.min(axis=0)
    for number in range(len(means)):
        own = points[cell == number]
        assert len(own) == count[number]
        assert len(np.unique(((own - corner) / np.float32(0.5)).astype(int), axis=0)) == 1
        np.testing.assert_allclose(means[number], own.astype(np.float64).mean(axis=0), atol=1e-5)


@pytest.mark.parametrize(("reach", "least"), [(0.0, 1), (np.nan, 1), (1.0, 0)])
def test_invalid_settings_of_dbscan_are_refused(reach: float, least: int) -> None:
    with pytest.raises(ValueError, match="a reach above 0"):
        dbscan(np.zeros((4, 3), np.float32), reach, least)

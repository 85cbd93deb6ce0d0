"""Outliers, lonely points and duplicates against all pairwise distances in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from scipy.spatial import cKDTree

from apsnet_core.editing.outliers import duplicates, lonely_points, statistical_outliers
from apsnet_core.ops.neighbours import neighbours
from apsnet_core.types import Float32, Float64, Foreign
from tests.core.ops.clouds import LATTICE, SPREAD


def cloud(n: int = 400) -> Float32:
    rng = np.random.default_rng(n)
    return np.concatenate([rng.normal(size=(n, 3)), rng.uniform(-9, 9, (n // 20, 3))]).astype(np.float32)


def sorted_distances(points: Float32) -> Float64:
    """Distances (n, n) from each point to itself (0) and to all others, ascending."""
    exact = points.astype(np.float64)
    return np.sort(np.linalg.norm(exact[:, None] - exact, axis=-1), axis=1)


@pytest.mark.parametrize(("k", "ratio"), [(1, 1.0), (8, 2.0), (16, 3.0)])
def test_statistical_outliers_equal_those_by_all_distances(k: int, ratio: float) -> None:
    points = cloud()
    mean = sorted_distances(points)[:, 1 : k + 1].mean(axis=1)
    expected = mean > mean.mean() + ratio * mean.std()
    assert 0 < expected.sum() < len(points) // 4
    np.testing.assert_array_equal(statistical_outliers(points, k, ratio), expected)


@pytest.mark.parametrize(("radius", "least"), [(0.3, 1), (0.8, 4), (2.0, 30)])
def test_lonely_points_equal_those_by_all_distances(radius: float, least: int) -> None:
    points = cloud()
    expected = (sorted_distances(points)[:, 1:] <= radius).sum(axis=1) < least
    assert 0 < expected.sum() < len(points)
    np.testing.assert_array_equal(lonely_points(points, radius, least), expected)


def test_a_neighbour_on_the_radius_counts() -> None:
    points = np.array([[0, 0, 0], [2, 0, 0], [9, 0, 0]], np.float32)
    assert lonely_points(points, 2.0, 1).tolist() == [False, False, True]


def test_few_points_have_no_statistical_outliers() -> None:
    points = cloud(40)[:5]
    assert not statistical_outliers(points, 16).any()
    assert lonely_points(points, 1.0, 16).all()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_first_of_equal_points_is_kept(data: st.DataObject) -> None:
    elements = data.draw(st.sampled_from([LATTICE, SPREAD, st.sampled_from([0.0, -0.0, 1.0])]))
    shape = (data.draw(st.integers(1, 40)), 3)
    points = data.draw(st_numpy.arrays(np.float64, shape, elements=elements)).astype(np.float32)
    seen: set[tuple[float, ...]] = set()
    expected = []
    for place in map(tuple, (points + 0.0).tolist()):
        expected.append(place in seen)
        seen.add(place)
    assert duplicates(points).tolist() == expected


def test_points_with_equal_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash of a position is patched to seven values, so that many positions collide."""
    points = np.round(np.random.default_rng(0).random((300, 3)), 1).astype(np.float32)
    unique, asked = np.unique, list[int]()

    def coarse(values: np.ndarray, **how: object) -> object:
        asked.append(values.ndim)
        return unique(values % np.uint64(7) if values.ndim == 1 else values, **how)  # type: ignore[call-overload]

    expected = duplicates(points)
    monkeypatch.setattr(np, "unique", coarse)
    np.testing.assert_array_equal(duplicates(points), expected)
    assert asked == [1, 2]


def test_thinning_by_a_grid_keeps_one_point_per_cell() -> None:
    points = np.random.default_rng(1).random((500, 3)).astype(np.float32)
    left = points[~duplicates(points, 0.25)]
    cells = np.floor((points - points.min(axis=0)) / np.float32(0.25))
    assert len(left) == len(np.unique(cells, axis=0))


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda p: statistical_outliers(p, 0), "at least 1 neighbour"),
        (lambda p: statistical_outliers(p, 4, np.nan), "ratio above 0"),
        (lambda p: lonely_points(p, -1.0), "radius above 0"),
        (lambda p: duplicates(p, -0.1), "0 or more"),
    ],
)
def test_invalid_settings_of_filters_are_refused(call: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        call(cloud(40))  # type: ignore[operator]


@pytest.mark.parametrize("k", [1, 5, 40])
def test_many_equal_points_do_not_slow_the_search_for_neighbours(
    monkeypatch: pytest.MonkeyPatch, k: int
) -> None:
    # A scanner writes points without an echo at its own position; each query there would visit them all.
    echoes = cloud(200)
    points = np.concatenate([np.tile(echoes[7], (900, 1)), echoes, np.tile(echoes[3], (30, 1))])
    sizes: list[int] = []

    scipys: Foreign = cKDTree

    def tree(own: Float32, **how: bool) -> Foreign:
        sizes.append(len(own))
        return scipys(own, **how)

    monkeypatch.setattr("apsnet_core.ops.neighbours.cKDTree", tree)
    found = list(neighbours(points, k))
    assert sizes[-1] <= len(echoes) + 2 * max(k, 16)
    distance = np.concatenate([each for _, each, _ in found])
    index = np.concatenate([each for _, _, each in found])
    np.testing.assert_allclose(distance, sorted_distances(points)[:, :k], atol=1e-6)
    exact = points.astype(np.float64)
    np.testing.assert_allclose(np.linalg.norm(exact[index] - exact[:, None], axis=-1), distance, atol=1e-6)
    assert all(len(set(row)) == k for row in index.tolist())

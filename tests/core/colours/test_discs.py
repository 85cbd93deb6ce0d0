"""Points drawn as discs, against a loop over pixels and points."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.colours.discs import LARGEST, area, in_steps, nearest_discs


def naive(pixels: np.ndarray, depth: np.ndarray, diameters: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Search for each pixel the nearest disc; the corners of discs are on whole pixels."""
    rows = np.full((size[1], size[0]), -1)
    middles = np.rint(pixels - diameters[:, None] / 2) + diameters[:, None] / 2
    for y in range(size[1]):
        for x in range(size[0]):
            inside = ((middles - (x + 0.5, y + 0.5)) ** 2).sum(axis=1) <= diameters**2 / 4
            if inside.any():
                rows[y, x] = np.flatnonzero(inside)[depth[inside].argmin()]
    return rows


@pytest.mark.parametrize("largest", [1, 3, 12, 40])
def test_the_nearest_disc_of_each_pixel_is_seen(largest: int) -> None:
    rng = np.random.default_rng(largest)
    pixels, depth = rng.uniform(-20, 60, (300, 2)), rng.normal(size=300) * 10.0 ** rng.integers(-6, 6, 300)
    diameters = rng.integers(1, largest + 1, 300).astype(np.int32)
    found = nearest_discs(pixels, depth, diameters, (41, 29))
    np.testing.assert_array_equal(found, naive(pixels, depth, diameters, (41, 29)))


def test_of_equally_near_discs_the_last_row_is_drawn() -> None:
    for depth in -0.0, 0.0, 2.5:
        found = nearest_discs(np.full((9, 2), 3.0), np.full(9, depth), np.full(9, 3, np.int32), (7, 7))
        assert set(found.ravel()) == {-1, 8}


def test_a_picture_without_points_is_empty() -> None:
    none = np.zeros(0, np.int32)
    assert (nearest_discs(np.zeros((0, 2)), np.zeros(0), none, (5, 4)) == -1).all()
    assert (nearest_discs(np.array([[99.0, 1]]), np.ones(1), np.array([9], np.int32), (5, 4)) == -1).all()


def test_a_disc_is_round_from_four_pixels_on() -> None:
    for diameter in range(4, 60):
        assert area(diameter) == pytest.approx(np.pi * diameter**2 / 4, rel=0.16 if diameter < 8 else 0.1)


def test_in_steps_rounds_sizes_to_few_values() -> None:
    sizes = np.geomspace(0.1, 300, 5000)
    whole = in_steps(sizes)
    assert len(np.unique(whole)) < 40 and whole.min() == 1 and whole.max() == LARGEST
    inner = (sizes > 8) & (sizes < LARGEST)
    np.testing.assert_allclose(whole[inner], sizes[inner], rtol=0.1)

"""Selections drawn over a picture, a polygon or a brush, against matplotlib's Path and plain distances."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.path import Path
from scipy.spatial.distance import cdist

from apsnet_core.editing.outline import distance_to_path, in_front, points_in_polygon, stroke
from apsnet_core.types import Float64

RNG = np.random.default_rng(3)


def star(corners: int, seed: int) -> Float64:
    """A simple polygon whose corners have random distances from its centre."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    away = rng.uniform(20, 300, corners)
    return np.stack([400 + away * np.cos(angle), 300 + away * np.sin(angle)], axis=1)


@pytest.mark.parametrize("corners", [3, 4, 7, 60, 400])
def test_points_in_a_polygon_equal_those_of_matplotlib(corners: int) -> None:
    outline = star(corners, corners)
    pixels = RNG.uniform(0, 800, (20_000, 2)).astype(np.float32)
    expected = Path(np.vstack([outline, outline[:1]]), closed=True).contains_points(pixels.astype(np.float64))
    np.testing.assert_array_equal(points_in_polygon(pixels, outline), expected)


def test_an_outline_that_crosses_itself_follows_the_even_odd_rule() -> None:
    bow = np.array([[0.0, 0], [100, 100], [100, 0], [0, 100]])
    pixels = RNG.uniform(0, 100, (5000, 2))
    x, y = pixels.T
    expected = np.where(x < 50, np.abs(y - 50) < 50 - x, np.abs(y - 50) < x - 50)
    np.testing.assert_array_equal(points_in_polygon(pixels, bow), expected)
    twice = np.concatenate([star(30, 1)] * 2)
    assert not points_in_polygon(RNG.uniform(0, 800, (5000, 2)), twice).any(), "winding twice is outside"


def test_outlines_without_area_contain_nothing() -> None:
    pixels = np.array([[1.0, 1], [np.nan, 0], [np.inf, 1]])
    assert not points_in_polygon(pixels, np.array([[0.0, 0], [2, 2]])).any()
    assert not points_in_polygon(pixels, np.zeros((5, 2))).any()
    square = np.array([[0.0, 0], [4, 0], [4, 4], [0, 4]])
    assert points_in_polygon(pixels, square).tolist() == [True, False, False]
    assert points_in_polygon(np.zeros((0, 2)), square).shape == (0,)


def test_a_brush_stroke_covers_the_points_near_its_path() -> None:
    path = RNG.uniform(100, 300, (6, 2))
    pixels = RNG.uniform(0, 400, (4000, 2)).astype(np.float32)
    dense = np.concatenate([np.linspace(a, b, 2000) for a, b in pairwise(path)])
    expected = cdist(pixels.astype(np.float64), dense).min(axis=1)
    np.testing.assert_allclose(distance_to_path(pixels, path), expected, atol=0.02)
    sure = np.abs(expected - 25) > 0.05
    np.testing.assert_array_equal(stroke(path, 25).contains(pixels)[sure], (expected <= 25)[sure])
    dot = path[:1]
    np.testing.assert_allclose(distance_to_path(pixels, dot), cdist(pixels, dot)[:, 0])


def test_points_hidden_by_a_surface_are_not_in_front() -> None:
    pixels = RNG.uniform(0, 90, (6000, 2))
    depth = np.where(np.arange(6000) % 2, 5.0, 7.0) + RNG.uniform(0, 0.1, 6000)
    np.testing.assert_array_equal(in_front(pixels, depth, 10, 0.5), np.arange(6000) % 2 == 1)
    assert in_front(pixels, depth, 10, 3).all()
    assert in_front(pixels[:0], depth[:0], 10, 3).shape == (0,)


def test_stray_points_in_front_of_a_surface_do_not_hide_it() -> None:
    stray = np.mgrid[5:90:20, 5:90:20].reshape(2, -1).T + 0.5
    pixels = np.concatenate([np.mgrid[0:90, 0:90].reshape(2, -1).T, stray])
    depth = np.repeat([5.0, 3.0], [90 * 90, len(stray)])
    assert in_front(pixels, depth, 6, 0.5).all()


def test_a_sparse_surface_hides_what_is_behind_it() -> None:
    front, back = np.mgrid[0:90:8, 0:90:8].reshape(2, -1).T, np.mgrid[4:90:8, 4:90:8].reshape(2, -1).T
    pixels, depth = np.concatenate([front, back]), np.repeat([5.0, 7.0], [len(front), len(back)])
    found = in_front(pixels, depth, 6, 0.5, widest=20)
    assert found[: len(front)].all() and found[len(front) :].mean() < 0.1

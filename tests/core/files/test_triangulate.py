"""Triangles of a polygon have the area of the polygon, which the shoelace formula gives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apsnet_core.files.triangulate import triangulate
from tests.naive.polygons import shoelace

Points = npt.NDArray[np.float64]


def _areas(corners: Points, triangles: npt.NDArray[np.int64]) -> Points:
    a, b, c = (corners[triangles[:, k]] for k in range(3))
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2)


def _star(rng: np.random.Generator, corners: int) -> Points:
    """A star-shaped outline around the origin with random radii: simple, and rarely convex."""
    angles = (np.arange(corners) + 0.9 * rng.random(corners)) / corners * 2 * np.pi
    radii = rng.uniform(0.2, 1.0, corners)
    return np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])


def _turned(outline: Points, rng: np.random.Generator) -> Points:
    """The outline (n, 2) placed in a random plane of space, (n, 3)."""
    frame = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    return np.asarray(outline @ frame[:2] + rng.normal(size=3))


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), corners=st.integers(4, 40))
def test_simple_polygons_keep_their_area(seed: int, corners: int) -> None:
    rng = np.random.default_rng(seed)
    outline = _star(rng, corners)
    space = _turned(outline, rng)
    triangles = triangulate(space, np.arange(corners), np.array([corners]))
    assert len(triangles) == corners - 2
    assert np.isclose(_areas(space, triangles).sum(), shoelace(outline), rtol=1e-9)


@pytest.mark.parametrize("start", range(8))
@pytest.mark.parametrize("turned", [False, True])
def test_an_l_a_comb_and_an_arrow_keep_their_area(start: int, turned: bool) -> None:
    shapes = [
        [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)],
        [(0, 0), (5, 0), (5, 3), (4, 3), (4, 1), (3, 1), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)],
        [(0, 0), (2, 2), (0, 4), (1, 2)],
    ]
    for shape in shapes:
        outline = np.roll(np.array(shape[::-1] if turned else shape, dtype=float), start, axis=0)
        space = np.column_stack([outline, np.zeros(len(outline))])
        areas = _areas(space, triangulate(space, np.arange(len(space)), np.array([len(space)])))
        assert np.isclose(areas.sum(), shoelace(outline))


def test_a_hole_reached_by_a_bridge() -> None:
    """A square frame as modelling programs export it: one outline that passes its bridge twice."""
    outer = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    inner = [(1, 1), (1, 3), (3, 3), (3, 1), (1, 1)]
    space = np.column_stack([np.array(outer + inner, dtype=float), np.zeros(10)])
    areas = _areas(space, triangulate(space, np.arange(10), np.array([10])))
    assert np.isclose(areas.sum(), 16 - 4)


def test_sizes_in_any_order_keep_the_order_of_the_faces() -> None:
    rng = np.random.default_rng(0)
    counts = np.array([3, 5, 2, 4, 3, 1, 4, 0, 6])
    polygons = [
        _turned(np.array([(np.cos(t), np.sin(t)) for t in np.arange(n) / n * 2 * np.pi]), rng)
        for n in counts
        if n
    ]
    space = np.concatenate(polygons)
    triangles = triangulate(space, np.arange(counts.sum()), counts)
    owner = np.repeat(np.arange(len(counts)), counts)[triangles]
    assert (owner == owner[:, :1]).all()
    assert owner[:, 0].tolist() == sorted(owner[:, 0].tolist())
    for face, count in enumerate(counts):
        assert (owner[:, 0] == face).sum() == max(count - 2, 0)


def test_triangles_have_the_orientation_of_their_polygon() -> None:
    arrow = [(0, 0), (2, 2), (0, 4), (1, 2)]
    letter = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)]
    for flat, turn in [(arrow, 1), (arrow[::-1], -1), (letter, 1), (letter[::-1], -1)]:
        for start in range(len(flat)):
            outline = np.column_stack([np.roll(np.array(flat, float), start, axis=0), np.zeros(len(flat))])
            triangles = triangulate(outline, np.arange(len(flat)), np.array([len(flat)]))
            a, b, c = (outline[triangles[:, k]] for k in range(3))
            assert (np.sign(np.cross(b - a, c - a)[:, 2]) == turn).all()


def test_an_outline_that_crosses_itself_is_triangulated() -> None:
    rng = np.random.default_rng(1)
    for corners in (30, 4096):
        space = np.column_stack([rng.normal(size=(corners, 2)), np.zeros(corners)])
        triangles = triangulate(space, np.arange(corners), np.array([corners]))
        assert corners / 4 < len(triangles) <= corners - 2


def test_many_stars_are_triangulated_quickly() -> None:
    """Cutting one corner after another would take a minute."""
    rng = np.random.default_rng(3)
    outlines = [_star(rng, 1000) for _ in range(200)]
    space = np.concatenate([_turned(outline, rng) for outline in outlines])
    triangles = triangulate(space, np.arange(200_000), np.full(200, 1000))
    areas = np.bincount(triangles[:, 0] // 1000, _areas(space, triangles))
    assert np.allclose(areas, [shoelace(outline) for outline in outlines], rtol=1e-9)


def test_an_outline_of_equal_points_is_triangulated() -> None:
    assert triangulate(np.zeros((9, 3)), np.arange(9), np.array([9])).shape == (7, 3)


def test_outlines_of_too_many_corners_are_refused() -> None:
    rng = np.random.default_rng(2)
    outline = _star(rng, 40_000)
    with pytest.raises(ValueError, match="40000 corners"):
        triangulate(np.column_stack([outline, np.zeros(40_000)]), np.arange(40_000), np.array([40_000]))

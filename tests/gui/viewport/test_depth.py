"""Depth cues in drawn pictures: edges against a loop over pixels, the fade against its formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.colours.eye_dome import eye_dome
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.camera import Camera, orbit
from apsnet_gui.viewport.eye_dome import with_depth
from apsnet_gui.viewport.scene import DARK, Background, DepthCue, MeshLayer, PointLayer, Scene, SphereLayer
from tests.gui.viewport.conftest import OpenView, picture

GREY = (200, 200, 200)
FULL = DepthCue(edges=1.0)


def naive_eye_dome(levels: np.ndarray, strength: float) -> np.ndarray:
    """The oracle, pixel by pixel: darker with the mean depth step to the eight neighbours."""
    height, width = levels.shape
    factor = np.ones((height, width))
    for y in range(height):
        for x in range(width):
            response = 0.0
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    if (dy or dx) and 0 <= y + dy < height and 0 <= x + dx < width:
                        steep = (levels[y, x] - levels[y + dy, x + dx]) / np.hypot(dy, dx)
                        response += min(max(steep, 0.0), 8.0)
            factor[y, x] = 1 - 0.9 * strength * (1 - np.exp(-0.7 * response / 8))
    return factor


def test_edges_agree_with_a_loop_over_pixels() -> None:
    levels = np.random.default_rng(0).normal(scale=5, size=(13, 17)).astype(np.float32)
    found = eye_dome(levels, 0.6)
    np.testing.assert_allclose(found, naive_eye_dome(levels.astype(np.float64), 0.6), rtol=1e-4)
    assert 0.46 < found.min() < 0.7 and found.max() == 1


def test_pixels_without_depth_stay_unchanged() -> None:
    image = np.random.default_rng(1).random((6, 8, 3)).astype(np.float32)
    depth = np.full((6, 8), np.inf, np.float32)
    cue = DepthCue(1.0, 1.0)
    assert with_depth(image, depth, cue, Camera(), DARK) is image
    depth[2:4, 2:6] = [[3, 3, 4, 5], [3, 6, 4, 3]]
    found = with_depth(image, depth, cue, Camera(), DARK)
    there = np.isfinite(depth)
    np.testing.assert_array_equal(found[~there], image[~there])
    brought_forward = with_depth(image, depth, DepthCue(fade=1.0), Camera(), DARK, front=7.0)
    np.testing.assert_array_equal(brought_forward, image)
    assert (found[there] != image[there]).any(axis=1).tolist() == (depth[there] > 3).tolist()


def wall(x: tuple[float, float], z: float, count: int) -> np.ndarray:
    """A grid of about ``count`` points that faces the camera ``Camera()``."""
    side = int(np.sqrt(count))
    across, up = np.meshgrid(np.linspace(*x, side), np.linspace(-1, 1, side))
    return np.stack([across.ravel(), up.ravel(), np.full(side * side, z)], axis=1).astype(np.float32)


@pytest.mark.parametrize("count", [40_000, 300_000])  # the second is drawn in passes on a slow machine
@pytest.mark.parametrize("orthographic", [False, True])
def test_the_surface_behind_an_edge_is_dark_beside_it(
    qtbot: QtBot, open_view: OpenView, orthographic: bool, count: int
) -> None:
    xyz = np.concatenate([wall((-1, 0), 0.5, count // 2), wall((0, 1), -0.5, count // 2)])
    cloud = PointLayer("walls", xyz, np.full((len(xyz), 3), GREY, np.uint8))
    view = open_view(Scene((cloud,), point_size=4, background="light", depth=FULL))
    view.camera = Camera(distance=5, orthographic=orthographic)
    row = picture(qtbot, view)[120, :, 0].astype(int)
    edge = int(np.flatnonzero(row < GREY[0] // 2).max())
    assert abs(edge - 160) <= 6, "the edge must be beside the middle, on the far wall"
    # At an edge, the step to three of eight neighbours is at its limit; the two diagonal ones count less.
    darkest = (1 - 0.9 * (1 - np.exp(-0.7 * 8 * 3 / 8))) * GREY[0]
    assert darkest - 3 <= row[edge] < 0.4 * GREY[0]
    flat = np.concatenate([row[120:150], row[175:195]])
    assert (flat == GREY[0]).all(), "walls that face the camera keep their colour"
    view.set_scene(replace(view.scene, depth=DepthCue()))
    assert (picture(qtbot, view)[120, 125:195] == GREY).all(), "no edge without the cue"


@pytest.mark.parametrize("orthographic", [False, True])
def test_distant_points_fade_and_spheres_drawn_in_front_do_not(
    qtbot: QtBot, open_view: OpenView, orthographic: bool
) -> None:
    xyz = np.array([[-0.8, 0, 1], [0, 0, 0], [0.8, 0, -1]], np.float32)
    cloud = PointLayer("p", xyz, np.full((3, 3), GREY, np.uint8))
    ball = SphereLayer(
        "s", np.array([[0, 0.8, -1]], np.float32), np.array([[255, 0, 0]], np.uint8), 0.2, in_front=True
    )
    view = open_view(Scene((cloud, ball), point_size=9))
    view.camera = Camera(distance=8, orthographic=orthographic)
    plain = picture(qtbot, view).astype(int)
    view.set_scene(replace(view.scene, depth=DepthCue(fade=0.8)))
    faded = picture(qtbot, view).astype(int)
    at = {}
    for name, image in (("plain", plain), ("faded", faded)):
        middle = image[115:126].reshape(11, 320, 3)
        at[name] = [middle[5, x] for x in columns(plain)]
    share = [0, 0.75 * 0.8 / 2, 0.75 * 0.8]
    for before, after, mixed in zip(at["plain"], at["faded"], share, strict=True):
        expected = before + mixed * (np.array(DARK) - before)
        np.testing.assert_allclose(after, expected, atol=3)
    red = plain[..., 0] - plain[..., 1] > 60
    assert red.sum() > 50
    np.testing.assert_allclose(faded[red], plain[red], atol=3)


def columns(image: np.ndarray) -> list[int]:
    """The columns of the centres of the three points in the middle row, from the left."""
    lit = np.flatnonzero(image[120, :, 1] > 100)
    groups = np.split(lit, np.flatnonzero(np.diff(lit) > 1) + 1)
    assert len(groups) == 3
    return [int(group.mean()) for group in groups]


@pytest.mark.parametrize("background", ["dark", "light"])
def test_a_surface_has_its_own_colours_whatever_the_background(
    qtbot: QtBot, open_view: OpenView, background: Background
) -> None:
    """The full colour if it faces the camera, and 0.55 + 0.45 cos 60° of it if it slants by 60 degrees."""
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]])
    table = colormap.table(background == "dark")[[0, 128, 255]]
    for colour in (*table, np.array(GREY, np.uint8)):
        surface = MeshLayer("s", corners, faces, colour)
        view = open_view(Scene((surface,), background=background))
        for pitch, share in ((0.0, 1.0), (60.0, 0.55 + 0.45 / 2)):
            view.camera = orbit(Camera(distance=4), 0.0, np.radians(pitch), "y")
            seen = picture(qtbot, view)[120, 160]
            np.testing.assert_allclose(seen, share * colour, atol=2)


def test_points_with_normals_are_lit_as_a_surface_from_both_sides(qtbot: QtBot, open_view: OpenView) -> None:
    """A wall faces the camera, and only its normals slant: they alone decide how bright its colour is."""
    xyz = wall((-1, 1), 0.0, 40_000)
    colours = np.full((len(xyz), 3), GREY, np.uint8)
    view = open_view(Scene((PointLayer("w", xyz, colours),), point_size=4))
    view.camera = Camera(distance=4)
    assert (picture(qtbot, view)[120, 160] == GREY).all()
    for lean, share in ((0.0, 1.0), (60.0, 0.55 + 0.45 / 2), (180.0, 1.0)):
        normal = np.array([0, np.sin(np.radians(lean)), np.cos(np.radians(lean))], np.float32)
        layer = PointLayer("w", xyz, colours, normals=np.tile(normal, (len(xyz), 1)))
        view.set_scene(replace(view.scene, layers=(layer,)))
        np.testing.assert_allclose(picture(qtbot, view)[120, 160], share * np.array(GREY), atol=6)
    view.set_scene(replace(view.scene, layers=(PointLayer("w", xyz, colours),)))
    assert (picture(qtbot, view)[120, 160] == GREY).all(), "no light without normals"

"""Points are round, hide surfaces and are hidden, and can have a size in the scene's units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import DepthCue, MeshLayer, PointLayer, Scene
from tests.gui.viewport.conftest import OpenView, picture
from tests.narrow import present

RED, GREEN, BLUE = (250, 20, 20), (20, 250, 20), (20, 20, 250)


def dots(places: list[tuple[float, float, float]], rgb: tuple[int, ...], key: str = "p") -> PointLayer:
    xyz = np.array(places, np.float32)
    return PointLayer(key, xyz, np.tile(np.array(rgb, np.uint8), (len(xyz), 1)))


def inked(seen: np.ndarray, rgb: tuple[int, ...]) -> np.ndarray:
    """Which pixels have that colour; a pixel on the rim counts if half of it is covered."""
    found: np.ndarray = np.abs(seen.astype(int) - np.array(rgb)).max(axis=2) < 115
    return found


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("size", [4, 9, 20])
@pytest.mark.parametrize("depth", [DepthCue(), DepthCue(edges=0.6)])
def test_a_point_is_round(
    qtbot: QtBot, open_view: OpenView, orthographic: bool, size: int, depth: DepthCue
) -> None:
    """All drawn pixels are within the circle, and all pixels with centres well inside it are drawn."""
    view = open_view(Scene((dots([(0.1, 0.2, 0)], RED),), point_size=size, depth=depth))
    view.camera = Camera(distance=5, orthographic=orthographic)
    found = inked(picture(qtbot, view), RED)
    middle, _ = project(view.camera, np.array([[0.1, 0.2, 0]]), (320, 240))
    y, x = np.indices(found.shape) + 0.5
    away = np.hypot(x - middle[0, 0], y - middle[0, 1])
    assert away[found].max() <= size / 2 + 0.8
    assert found[away < size / 2 - 0.8].all()
    pick = view.pick(QPointF(*middle[0]))
    assert pick is not None and pick.index == 0


def test_points_hide_surfaces_behind_and_are_hidden_by_those_in_front(
    qtbot: QtBot, open_view: OpenView
) -> None:
    square = np.array([[-1, -1, 0], [0, -1, 0], [0, 1, 0], [-1, 1, 0]], np.float32)
    wall = MeshLayer("wall", square, np.array([[0, 1, 2], [0, 2, 3]]), np.array(BLUE, np.uint8))
    places = [(-0.5, 0.3, 0.3), (-0.5, -0.3, -0.3), (0.5, 0, -0.3)]
    view = open_view(Scene((wall, dots(places, RED)), point_size=12))
    for orthographic in (False, True):
        view.camera = Camera(distance=5, orthographic=orthographic)
        found = inked(picture(qtbot, view), RED)
        at = np.floor(project(view.camera, np.array(places), (320, 240))[0]).astype(int)
        assert [bool(found[y, x]) for x, y in at] == [True, False, True]


@pytest.mark.parametrize("orthographic", [False, True])
def test_a_size_in_the_scene_s_units_is_the_diameter_of_a_ball(
    qtbot: QtBot, open_view: OpenView, orthographic: bool
) -> None:
    length, places = 0.3, [(-0.5, 0, 1.5), (0.5, 0, -1.5)]
    layers = tuple(
        replace(dots([place], rgb, str(rgb)), world_size=length)
        for place, rgb in zip(places, (RED, GREEN), strict=True)
    )
    view = open_view(Scene(layers))
    for distance in (4.0, 8.0):
        view.camera = Camera(distance=distance, orthographic=orthographic)
        seen = picture(qtbot, view)
        for place, rgb in zip(places, (RED, GREEN), strict=True):
            away = distance if orthographic else distance - place[2]
            wanted = length * 120 / np.tan(np.radians(view.camera.fov / 2)) / away
            found = 2 * np.sqrt(inked(seen, rgb).sum() / np.pi)
            assert found == pytest.approx(wanted, rel=0.12, abs=1)


def test_a_transparent_snapshot_has_round_points(qtbot: QtBot, open_view: OpenView) -> None:
    view = open_view(Scene((dots([(0, 0, 0)], RED),), point_size=40))
    view.camera = Camera(distance=5)
    picture(qtbot, view)
    drawn = view.snapshot(transparent=True)
    qtbot.waitUntil(drawn.done)
    image = present(drawn.result())
    alpha = np.array([[image.pixelColor(x, y).alpha() for x in range(130, 190)] for y in range(90, 150)])
    assert (alpha > 128).sum() == pytest.approx(np.pi * 20**2, rel=0.05)
    assert alpha[12, 12] == 0 and alpha[30, 30] == 255, "only the corner of the square is transparent"

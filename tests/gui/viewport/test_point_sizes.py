"""Clouds with different point sizes in one picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.scene import DepthCue, PointLayer, Scene
from tests.gui.viewport.conftest import OpenView, picture

RED, GREEN, BLUE = (250, 20, 20), (20, 250, 20), (20, 20, 250)


def cloud(
    key: str, place: tuple[float, float, float], rgb: tuple[int, ...], size: float | None
) -> PointLayer:
    """A single point."""
    xyz = np.array([place], np.float32)
    return PointLayer(key, xyz, np.array([rgb], np.uint8), point_size=size)


def across(seen: np.ndarray, rgb: tuple[int, ...]) -> float:
    """The diameter of a disc with as many pixels as have nearly that colour; rim pixels count partly."""
    apart = np.abs(seen.astype(int) - np.array(rgb)).max(axis=2)
    return 2 * float(np.sqrt((apart < 110).sum() / np.pi))


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("depth", [DepthCue(), DepthCue(edges=0.6)])
def test_each_cloud_has_its_own_point_size(
    qtbot: QtBot, open_view: OpenView, orthographic: bool, depth: DepthCue
) -> None:
    layers = (
        cloud("usual", (-0.5, 0, 0), RED, None),
        cloud("large", (0.5, 0, 0.3), GREEN, 20),
        cloud("behind", (0.5, 0, -0.3), BLUE, 10),
    )
    view = open_view(Scene(layers, point_size=5, background="dark", depth=depth))
    view.camera = Camera(distance=400, fov=1, orthographic=orthographic)
    seen = picture(qtbot, view)
    assert across(seen, RED) == pytest.approx(5, abs=1.2)
    assert across(seen, GREEN) == pytest.approx(20, abs=1.2)
    assert across(seen, BLUE) == 0, "a point behind is hidden, whatever its size"
    front = replace(layers[2], xyz=layers[2].xyz + np.array([0, 0, 0.9], np.float32))
    view.set_scene(replace(view.scene, layers=(*layers[:2], front)))
    assert across(picture(qtbot, view), BLUE) == pytest.approx(10, abs=1.2), "a small point in front is seen"
    alike = tuple(replace(layer, point_size=8) for layer in layers)
    view.set_scene(replace(view.scene, layers=alike))
    assert across(picture(qtbot, view), RED) == pytest.approx(8, abs=1.2)

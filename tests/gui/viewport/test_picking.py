"""Picking against looking at every point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from apsnet_gui.viewport.camera import Camera, fit, project, standard_view
from apsnet_gui.viewport.picking import Pick, PickIndex
from apsnet_gui.viewport.scene import PointLayer, Scene, SphereLayer, bounds

SIZE = (400, 300)


def brute_force(scene: Scene, camera: Camera, x: float, y: float) -> tuple[str, int] | None:
    """Of the points within 6 pixels and 2 % of the distance behind the frontmost, the nearest to (x, y)."""
    layer = scene.layers[0]
    assert isinstance(layer, PointLayer)
    pixels, depth = project(camera, layer.xyz, SIZE)
    away = np.hypot(*(pixels - [x, y]).T)
    inside = ((pixels >= 0) & (pixels < SIZE)).all(axis=1)
    reachable = (away <= 6) & inside & ((depth > 0) | camera.orthographic)
    if not reachable.any():
        return None
    front = reachable & (depth <= depth[reachable].min() + 0.02 * camera.distance)
    return layer.key, int(np.flatnonzero(front)[np.argmin(away[front])])


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("nearness", [1.0, 6.0])
def test_the_same_point_as_looking_at_all(orthographic: bool, nearness: float) -> None:
    rng = np.random.default_rng(3)
    scene = Scene(
        (PointLayer("p", rng.normal(size=(5000, 3)).astype(np.float32), np.zeros((5000, 3), np.uint8)),)
    )
    camera = fit(standard_view(Camera(orthographic=orthographic), "isometric", "z"), bounds(scene), SIZE)
    camera = replace(camera, distance=camera.distance / nearness)
    index = PickIndex(scene, camera, SIZE)
    found = 0
    for x, y in np.concatenate([rng.uniform((0, 0), SIZE, (300, 2)), [(0, 0), (399.9, 299.9), (0, 299)]]):
        pick = index.at(x, y)
        expected = brute_force(scene, camera, x, y)
        assert (None if pick is None else (pick.key, pick.index)) == expected
        found += pick is not None
    assert found > 20


def test_balls_are_hit_within_their_outline_and_hide_what_is_behind() -> None:
    cloud = PointLayer("p", np.array([[0, 0, 0], [0.5, 0, 0]], np.float32), np.zeros((2, 3), np.uint8))
    balls = SphereLayer("s", np.array([[0, 0, 0.5], [0, 0, -3]], np.float32), np.zeros((2, 3), np.uint8), 0.2)
    camera = Camera(distance=3.0)
    index = PickIndex(Scene((cloud, balls)), camera, SIZE)
    (at,), (depth,) = project(camera, balls.centers[:1], SIZE)
    radius = 0.2 * SIZE[1] / 2 / camera.half_height * camera.distance / depth
    assert index.at(*at) == Pick("s", 0, (0.0, 0.0, 0.5), (float(at[0]), float(at[1])))
    edge = index.at(at[0] + 0.95 * radius, at[1])
    assert edge is not None and edge.key == "s"
    (beside,), _ = project(camera, cloud.xyz[1:], SIZE)
    pick = index.at(*beside)
    assert pick is not None and (pick.key, pick.index) == ("p", 1)
    assert index.at(5, 5) is None


def test_hidden_layers_are_not_picked() -> None:
    cloud = PointLayer("p", np.zeros((1, 3), np.float32), np.zeros((1, 3), np.uint8), visible=False)
    assert PickIndex(Scene((cloud,)), Camera(), SIZE).at(200, 150) is None

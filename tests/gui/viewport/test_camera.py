"""The camera against plain matrix algebra in float64."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from apsnet_core.ops.orientation import up_vector
from apsnet_gui.viewport.camera import (
    FIRST,
    STANDARD_VIEWS,
    Camera,
    StandardView,
    fit,
    fit_scene,
    from_json,
    orbit,
    pan,
    standard_view,
    to_json,
    zoom_to,
)
from apsnet_gui.viewport.projection import at_depth, extrinsic, intrinsic, project
from apsnet_gui.viewport.scene import Bounds, PointLayer, Scene, SphereLayer, bounds

SIZE = (640, 480)
RNG = np.random.default_rng(1)
ODD = orbit(Camera((0.3, -1.0, 2.0), 4.0), 0.7, 0.4, "z")


@pytest.mark.parametrize("orthographic", [False, True])
def test_project_agrees_with_the_matrices(orthographic: bool) -> None:
    camera = replace(ODD, orthographic=orthographic)
    points = RNG.normal(size=(200, 3)) + camera.target
    pixels, depth = project(camera, points, SIZE)
    seen = points @ extrinsic(camera)[:3, :3].T + extrinsic(camera)[:3, 3]
    scale = intrinsic(camera, SIZE)
    z = np.full(len(points), camera.distance) if orthographic else seen[:, 2]
    expected = np.stack([seen[:, i] * scale[i, i] / z + scale[i, 2] + 0.5 for i in (0, 1)], axis=1)
    np.testing.assert_allclose(pixels, expected, atol=1e-9)
    np.testing.assert_allclose(depth, seen[:, 2], atol=1e-12)


@pytest.mark.parametrize("orthographic", [False, True])
def test_a_pixel_and_its_depth_give_the_point_back(orthographic: bool) -> None:
    camera = replace(ODD, orthographic=orthographic)
    points = RNG.normal(size=(50, 3)) + camera.target
    pixels, depths = project(camera, points, SIZE)
    for point, (x, y), depth in zip(points, pixels.tolist(), depths.tolist(), strict=True):
        if orthographic or depth > 0:
            np.testing.assert_allclose(at_depth(camera, (x, y), depth, SIZE), point, atol=1e-9)


def test_the_target_is_in_the_middle() -> None:
    pixels, depth = project(ODD, np.array([ODD.target]), SIZE)
    np.testing.assert_allclose(pixels, [[320, 240]])
    np.testing.assert_allclose(depth, [4.0])


def test_axes_stay_orthonormal_and_right_handed_over_many_turns() -> None:
    camera = ODD
    for yaw, pitch in RNG.normal(size=(300, 2)):
        camera = orbit(camera, yaw, pitch, "z")
        assert camera.axes[1] @ up_vector("z") > 0, "the scene's up points down in the picture"
    np.testing.assert_allclose(camera.axes @ camera.axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(camera.axes) == pytest.approx(1)
    assert camera.target == ODD.target
    assert camera.distance == ODD.distance


@pytest.mark.parametrize("up", ["y", "z"])
def test_orbit_turns_by_the_given_angle(up: str) -> None:
    camera = standard_view(Camera(), "front", up)
    turned = orbit(camera, math.radians(30), 0, up)
    risen = orbit(camera, 0, math.radians(30), up)
    assert math.degrees(math.acos(turned.axes[2] @ camera.axes[2])) == pytest.approx(30)
    assert math.degrees(math.asin(risen.axes[2] @ up_vector(up))) == pytest.approx(30)


@pytest.mark.parametrize("view", ["top", "bottom"])
def test_a_turn_from_above_starts_where_the_picture_was(view: StandardView) -> None:
    camera = standard_view(Camera(), view, "z")
    nudged = orbit(camera, 0.01, 0, "z")
    np.testing.assert_allclose(nudged.axes, camera.axes, atol=0.02)


def test_a_view_begins_with_the_isometric_one() -> None:
    isometric = standard_view(Camera(), "isometric", "z")
    np.testing.assert_allclose(FIRST.orientation, isometric.orientation, atol=1e-12)
    assert replace(FIRST, orientation=isometric.orientation) == isometric


def test_standard_views_look_from_their_sides() -> None:
    sides: dict[str, np.ndarray] = {view: standard_view(Camera(), view, "z").axes for view in STANDARD_VIEWS}
    expected = {"front": [0, -1, 0], "back": [0, 1, 0], "right": [1, 0, 0], "left": [-1, 0, 0],
                "top": [0, 0, 1], "bottom": [0, 0, -1]}  # fmt: skip
    for view, back in expected.items():
        np.testing.assert_allclose(sides[view][2], back, atol=1e-12, err_msg=view)
    for view in ("front", "back", "left", "right"):
        np.testing.assert_allclose(sides[view][1], [0, 0, 1], atol=1e-12, err_msg=view)
    np.testing.assert_allclose(sides["top"][0], [1, 0, 0], atol=1e-12)


@pytest.mark.parametrize("orthographic", [False, True])
def test_pan_moves_the_target_by_the_given_pixels(orthographic: bool) -> None:
    camera = replace(ODD, orthographic=orthographic)
    moved = pan(camera, 50, -30, SIZE[1])
    pixels, _ = project(moved, np.array([camera.target]), SIZE)
    np.testing.assert_allclose(pixels, [[370, 210]])


@pytest.mark.parametrize("orthographic", [False, True])
def test_zoom_keeps_the_point_under_the_cursor(orthographic: bool) -> None:
    camera = replace(ODD, orthographic=orthographic)
    at = (500.0, 100.0)
    right, above, _ = camera.axes
    per_pixel = 2 * camera.half_height / SIZE[1]
    point = camera.target + ((at[0] - 320) * right - (at[1] - 240) * above) * per_pixel
    for factor in (1.15, 0.5, 7.0):
        pixels, _ = project(zoom_to(camera, factor, at, SIZE), point[None], SIZE)
        np.testing.assert_allclose(pixels, [at], atol=1e-6)


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("size", [(640, 480), (200, 700)])
def test_fit_shows_the_whole_ball(orthographic: bool, size: tuple[int, int]) -> None:
    ball = Bounds((5.0, 6.0, -7.0), 2.5)
    camera = fit(replace(ODD, orthographic=orthographic), ball, size)
    points = RNG.normal(size=(2000, 3))
    points = ball.center + ball.radius * points / np.linalg.norm(points, axis=1, keepdims=True)
    pixels, depth = project(camera, points, size)
    assert (depth > 0).all()
    assert (pixels >= 0).all()
    assert (pixels <= size).all()
    assert np.ptp(pixels, axis=0).max() > 0.85 * min(size)


def test_a_camera_is_restored_from_json() -> None:
    again = from_json(to_json(replace(ODD, orthographic=True)))
    assert again.target == ODD.target
    assert again.orthographic
    np.testing.assert_allclose(again.orientation, ODD.orientation, atol=1e-15)


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[]", '{"camera": 3}', to_json(Camera(distance=-1)), to_json(Camera(fov=170)),
     to_json(Camera(target=(math.nan, 0, 0)))],
)  # fmt: skip
def test_text_that_is_no_camera_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="camera"):
        from_json(text)


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("size", [(640, 480), (200, 700)])
def test_fit_scene_is_as_near_as_the_points_allow(orthographic: bool, size: tuple[int, int]) -> None:
    xyz = (RNG.uniform(-1, 1, (3000, 3)) * (3, 2, 1) + 5).astype(np.float32)
    ball = SphereLayer("s", xyz[:5], np.zeros((5, 3), np.uint8), 0.2)
    scene = Scene((PointLayer("p", xyz, np.zeros((3000, 3), np.uint8)), ball))
    camera = fit_scene(replace(ODD, orthographic=orthographic), scene, size)
    pixels, _ = project(camera, xyz, size)
    assert (pixels > 0).all()
    assert (pixels < size).all()
    filled = (np.ptp(pixels, axis=0) / size).max()
    assert 0.7 < filled < 1
    assert camera.distance < fit(camera, bounds(scene), size).distance

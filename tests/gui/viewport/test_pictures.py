"""Pictures that Open3D really draws: colours are where the camera projects the points."""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.camera import Camera, orbit, zoom_to
from apsnet_gui.viewport.canvas import Canvas
from apsnet_gui.viewport.geometry import CHUNK, Points, Spheres
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import DARK, LIGHT, MeshLayer, PointLayer, Scene, SphereLayer, bounds
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.pictures import Pixels, pixels
from tests.gui.viewport.conftest import OpenView, picture

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def dots(colors: list[tuple[int, int, int]], key: str = "p", seed: int = 0) -> PointLayer:
    xyz = np.random.default_rng(seed).uniform(-1, 1, (len(colors), 3)).astype(np.float32)
    return PointLayer(key, xyz, np.array(colors, np.uint8))


def places(view: ViewWidget, xyz: np.ndarray) -> np.ndarray:
    """(n, 2): the columns and rows of the pixels that show the points."""
    assert view.frame is not None
    size = (view.frame.image.width(), view.frame.image.height())
    return np.floor(project(view.frame.camera, xyz.astype(np.float64), size)[0]).astype(int)


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("up", ["y", "z"])
def test_points_are_where_the_camera_puts_them(
    qtbot: QtBot, open_view: OpenView, orthographic: bool, up: str
) -> None:
    cloud = dots([RED, GREEN, BLUE] * 10)
    view = open_view(Scene((cloud,), point_size=3, up=up))
    view.camera = replace(orbit(view.camera, 0.6, 0.2, up), orthographic=orthographic)
    image = picture(qtbot, view)
    at = places(view, cloud.xyz)
    _, depth = project(view.camera, cloud.xyz, (320, 240))
    for row in np.argsort(depth):
        nearer = depth < depth[row]
        if nearer.any() and np.abs(at[nearer] - at[row]).max(axis=1).min() < 4:
            continue  # another point may cover it
        assert image[at[row][1], at[row][0]].tolist() == cloud.colors[row].tolist()
    painted = (image != DARK).any(axis=2).sum()
    assert 30 * 4 <= painted <= 30 * 16, "a point of size 3 covers 4 to 16 pixels"


def test_zooming_far_in_keeps_a_point_in_its_place(qtbot: QtBot, open_view: OpenView) -> None:
    cloud = dots([RED] * 200)
    view = open_view(Scene((cloud,), point_size=5))
    for orthographic in (False, True):
        camera = replace(view.camera, orthographic=orthographic, target=(0.0, 0.0, 0.0))
        at = project(camera, cloud.xyz[:1], (320, 240))[0][0]
        view.camera = replace(
            zoom_to(camera, 40, (at[0], at[1]), (320, 240)), target=tuple(cloud.xyz[0].tolist())
        )
        assert picture(qtbot, view)[120, 160].tolist() == list(RED)


def test_background_visibility_and_point_size(qtbot: QtBot, open_view: OpenView) -> None:
    cloud = dots([RED])
    view = open_view(Scene((cloud,), background="light", point_size=9))
    image = picture(qtbot, view)
    assert image[2, 2].tolist() == list(LIGHT)
    assert 49 <= (image == RED).all(axis=2).sum() <= 100
    view.set_scene(Scene((replace(cloud, visible=False),), background=(1, 2, 3)))
    assert (picture(qtbot, view) == (1, 2, 3)).all()


def test_new_colours_and_new_layers_replace_the_old(qtbot: QtBot, open_view: OpenView) -> None:
    cloud = dots([RED] * 50)
    view = open_view(Scene((cloud,)))
    before = picture(qtbot, view)
    view.set_scene(Scene((replace(cloud, colors=np.full((50, 3), BLUE, np.uint8)),)))
    after = picture(qtbot, view)
    assert (before == RED).all(axis=2).sum() > 100
    np.testing.assert_array_equal((before == RED).all(axis=2), (after == BLUE).all(axis=2))
    view.set_scene(Scene((dots([GREEN] * 5, "other"),)))
    last = picture(qtbot, view)
    assert not (last == BLUE).all(axis=2).any()
    assert (last == GREEN).all(axis=2).any()


def test_spheres_are_shaded_balls_of_their_radius(qtbot: QtBot, open_view: OpenView) -> None:
    balls = SphereLayer(
        "s", np.array([[-1, 0, 0], [1, 0, 0]], np.float32), np.array([RED, GREEN], np.uint8), 0.5
    )
    view = open_view(Scene((balls,)))
    view.camera = Camera(distance=6.0, orthographic=True)
    image = picture(qtbot, view).astype(int)
    red, green = (image[..., i] - image.sum(axis=2) / 3 > 10 for i in (0, 1))
    radius = 0.5 * 120 / view.camera.half_height
    for hit, centre in ((red, -1), (green, 1)):
        assert hit.sum() == pytest.approx(np.pi * radius**2, rel=0.1)
        columns = np.flatnonzero(hit.any(axis=0))
        assert columns.mean() == pytest.approx(160 + centre * 120 / view.camera.half_height, abs=1.5)
    middle, rim = image[120, 160 - round(2 * radius), 0], image[120, 160 - round(2.9 * radius), 0]
    assert middle > rim + 40, "the ball is not shaded"


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("in_front", [False, True])
def test_a_ball_is_covered_only_by_a_surface_in_front_of_it_unless_drawn_in_front(
    qtbot: QtBot, open_view: OpenView, orthographic: bool, in_front: bool
) -> None:
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(-1, 1, 300), np.linspace(-1, 1, 300)))
    sheet = np.stack([x, y, np.zeros_like(x)], axis=1).astype(np.float32)
    sheet[:, 2] = np.where(x > 0, 0.09, 0)  # the left ball is half sunk, the middle one nearly wholly
    far = np.where(x > 0.5, 0.5, sheet[:, 2])
    cloud = PointLayer(
        "p", np.stack([x, y, far], axis=1).astype(np.float32), np.full(sheet.shape, BLUE, np.uint8)
    )
    centres = np.array([[-0.5, 0, 0], [0.25, 0, 0], [0.75, 0, 0]], np.float32)
    balls = SphereLayer("s", centres, np.full((3, 3), RED, np.uint8), 0.1, in_front=in_front)
    view = open_view(Scene((cloud, balls)))
    view.camera = Camera(distance=4.0, orthographic=orthographic)
    red = picture(qtbot, view)[..., 0] > 60
    at = places(view, centres)
    radius = 0.1 * 120 / view.camera.half_height
    for (column, row), shown in zip(at, (True, True, in_front), strict=True):
        disc = red[row - 9 : row + 10, column - 9 : column + 10].sum()
        assert disc == pytest.approx(np.pi * radius**2 if shown else 0, rel=0.2), (column, shown)


def test_both_sides_of_a_triangle_are_lit_alike(qtbot: QtBot, open_view: OpenView) -> None:
    square = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    mesh = MeshLayer("m", square, np.array([[0, 1, 2], [0, 3, 2]]), np.array([90, 90, 90], np.uint8))
    view = open_view(Scene((mesh,)))
    view.camera = Camera(distance=4.0)
    image = picture(qtbot, view)
    assert np.ptp(image[110:130, 140:180], axis=(0, 1)).max() < 40
    assert image[120, 160].min() > 60


def test_linked_views_are_equal_to_the_pixel(qtbot: QtBot, open_view: OpenView) -> None:
    cloud = dots([RED, GREEN] * 2000)
    views = [open_view(Scene((cloud,))) for _ in range(6)]
    for view in views[1:]:
        views[0].camera_changed.connect(lambda camera, view=view: setattr(view, "camera", camera))
    for turn in range(5):
        views[0].move_camera(orbit(views[0].camera, 0.2, 0.05 * turn, "z"))
    for view in views:
        picture(qtbot, view)
        assert view.frame is not None
        assert view.frame.camera == views[0].camera
    # On a busy machine, the smoothing of edges may differ between frames, but never between snapshots.
    drawn = [view.snapshot() for view in views]
    qtbot.waitUntil(lambda: all(each.done() for each in drawn))
    pictures = [pixels(each.result()) for each in drawn]
    assert (pictures[0] == GREEN).all(axis=2).sum() > 500
    for other in pictures[1:]:
        np.testing.assert_array_equal(pictures[0], other)


@pytest.mark.parametrize("orthographic", [False, True])
def test_a_picture_drawn_in_passes_equals_one_drawn_at_once(
    qtbot: QtBot, open_view: OpenView, orthographic: bool
) -> None:
    """1.2 million points come in several frames; the last equals what Open3D draws in one go."""
    rng = np.random.default_rng(5)
    xyz = rng.normal(size=(1_200_000, 3)).astype(np.float32)
    cloud = PointLayer("p", xyz, rng.integers(0, 256, xyz.shape, dtype=np.uint8))
    balls = SphereLayer("s", xyz[:20] * 1.5, np.full((20, 3), 255, np.uint8), 0.3)
    view = open_view(Scene((cloud, balls), show_axes=False), (200, 150))
    view.camera = replace(view.camera, orthographic=orthographic)
    finals: list[bool] = []
    view.frame_drawn.connect(lambda _: finals.append(view.frame is not None and view.frame.final))
    image = picture(qtbot, view)
    assert len(finals) > 1, "this machine drew it at once: use more points"
    canvas = Canvas((200, 150))
    canvas.look(view.camera, bounds(view.scene), DARK, view.scene.point_size)
    canvas.show([*Points(xyz, cloud.colors).draft(0), *Spheres(xyz[:20] * 1.5, balls.colors, 0.3).draft(0)])
    at_once = (canvas.picture() * 255 + 0.5).astype(np.uint8)
    canvas.lose_window()
    differ = (image != at_once).any(axis=2).mean()
    assert differ < 0.002, f"{differ:.2%} of the pixels differ"


def test_a_large_cloud_does_not_blink_when_its_samples_change(qtbot: QtBot, open_view: OpenView) -> None:
    """The complete old picture stays until the next one is complete."""
    xyz = np.random.default_rng(5).normal(size=(1_200_000, 3)).astype(np.float32)
    cloud = PointLayer("p", xyz, np.full(xyz.shape, 90, np.uint8))
    balls = [
        SphereLayer("s", at, np.full((20, 3), 255, np.uint8), 0.3, in_front=True)
        for at in (xyz[:20] * 1.5, xyz[20:40] * 1.5)
    ]
    view = open_view(Scene((cloud, balls[0]), show_axes=False), (200, 150))
    before = picture(qtbot, view)
    shown: list[bool] = []
    view.frame_drawn.connect(lambda _: shown.append(view.frame is not None and view.frame.final))
    view.set_scene(Scene((cloud, balls[1]), show_axes=False))
    after = picture(qtbot, view)
    assert shown and all(shown), "an incomplete picture replaced a complete one"
    assert (before != after).any() and view.frame is not None and view.frame.scene is view.scene


def test_a_draft_is_shown_while_the_camera_moves_and_the_full_picture_after(
    qtbot: QtBot, open_view: OpenView
) -> None:
    rng = np.random.default_rng(5)
    xyz = rng.normal(size=(1_000_000, 3)).astype(np.float32)
    view = open_view(
        Scene((PointLayer("p", xyz, np.full(xyz.shape, 200, np.uint8)),), point_size=1), (200, 150)
    )
    whole = picture(qtbot, view)
    drafts: list[Pixels] = []

    def keep_a_draft(_: float) -> None:
        if view.frame is not None and not view.frame.final:
            drafts.append(pixels(view.frame.image))

    def turn() -> bool:
        view.move_camera(orbit(view.camera, 0.01, 0, "z"))
        return bool(drafts)

    view.frame_drawn.connect(keep_a_draft)
    qtbot.waitUntil(turn)
    draft = drafts[0]
    assert draft.shape == whole.shape
    assert 0.01 < (draft > 100).mean() / (whole > 100).mean() < 0.95
    assert (picture(qtbot, view) > 100).mean() == pytest.approx((whole > 100).mean(), rel=0.05)


def test_snapshots_have_the_requested_scale_and_transparency(qtbot: QtBot, open_view: OpenView) -> None:
    cloud = dots([RED])
    view = open_view(Scene((cloud,), point_size=10, show_axes=False))
    picture(qtbot, view)
    future = view.snapshot(scale=2, transparent=True)
    qtbot.waitUntil(future.done)
    image = future.result()
    assert (image.width(), image.height()) == (640, 480)
    column, row = np.floor(project(view.camera, cloud.xyz, (640, 480))[0][0]).astype(int)
    assert image.pixelColor(int(column), int(row)).getRgb() == (*RED, 255)
    assert image.pixelColor(3, 3).alpha() == 0
    assert image.pixelColor(int(column) + 8, int(row)).alpha() == 255, "points grow with the scale"
    opaque = view.snapshot()
    qtbot.waitUntil(opaque.done)
    below = opaque.result().pixelColor(3, 3)
    assert (below.red(), below.green(), below.blue()) == DARK


def test_resizing_gives_pictures_of_the_new_size(qtbot: QtBot, open_view: OpenView) -> None:
    cloud = dots([RED] * 40)
    other = open_view(Scene((cloud,)))
    before = picture(qtbot, other)
    view = open_view(Scene((cloud,)))
    for size in [(400, 300), (640, 200), (1500, 1000), (130, 400), (1600, 1100), (1700, 1200), (320, 240)]:
        view.resize(*size)
        image = picture(qtbot, view)
        assert image.shape[:2] == size[::-1]
        at = places(view, cloud.xyz)
        assert (image[at[:, 1], at[:, 0]] == RED).all()
    other.camera = replace(other.camera, orthographic=True)
    picture(qtbot, other)
    other.camera = view.camera
    np.testing.assert_array_equal(picture(qtbot, other), before)


def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot: QtBot, open_view: OpenView) -> None:
    view = open_view(Scene((dots([RED]),)))
    picture(qtbot, view)
    view.hide()
    frames: list[float] = []
    view.frame_drawn.connect(frames.append)
    view.set_scene(Scene((dots([BLUE]),)))
    picture(qtbot, open_view(Scene((dots([GREEN]),))))  # the renderer draws views one after another
    assert frames == []
    view.show()
    assert (picture(qtbot, view) == BLUE).all(axis=2).any()


def test_a_large_cloud_holds_only_the_drawn_piece_in_double_precision() -> None:
    count = 3 * CHUNK + 5
    xyz = np.random.default_rng(0).normal(size=(count, 3)).astype(np.float32)
    colors = np.arange(3 * count, dtype=np.int64).astype(np.uint8).reshape(-1, 3)
    cloud = Points(xyz, colors)
    assert [weight for _, weight in cloud.pieces()] == [CHUNK, CHUNK, CHUNK, 5]
    seen, alive = [], []
    for make, weight in cloud.pieces():
        piece = make()
        assert make() is piece, "an existing piece must not be made again"
        assert len(piece.points) == weight
        seen.append(np.asarray(piece.points).astype(np.float32))
        alive.append(weakref.ref(piece))
        del piece
        assert all(each() is None for each in alive)
    np.testing.assert_array_equal(np.unique(np.concatenate(seen), axis=0), np.unique(xyz, axis=0))
    largest = weakref.ref(cloud.draft(1)[-1])
    assert len(cloud.draft(2)) == len(cloud.draft(3)) == 1
    assert largest() is None, "the draft of an earlier pace must be freed"
    cloud.recolor(colors)
    shown = cloud.pieces()[1][0]()
    assert cloud.recolor(colors[::-1]) == [shown]
    rows = {tuple(point): row for row, point in enumerate(xyz.tolist())}
    first = rows[tuple(np.asarray(shown.points)[0].astype(np.float32).tolist())]
    np.testing.assert_allclose(np.asarray(shown.colors)[0] * 255, colors[::-1][first])
    later = cloud.pieces()[3][0]()
    last = rows[tuple(np.asarray(later.points)[0].astype(np.float32).tolist())]
    np.testing.assert_allclose(np.asarray(later.colors)[0] * 255, colors[::-1][last])

"""Input to a view by mouse, wheel and keys, undo, clipboard, picking, and Qt's overlay over the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.camera import Camera, zoom_to
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.navigation import VIEW_KEYS
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import PointLayer, Scene
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.pictures import pixels
from tests.gui.viewport.conftest import OpenView, picture

CLOUD = PointLayer(
    "cloud",
    np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32),
    np.full((4, 3), 250, np.uint8),
)


@pytest.fixture
def view(qtbot: QtBot, open_view: OpenView) -> ViewWidget:
    shown = open_view(Scene((CLOUD,), point_size=6))
    picture(qtbot, shown)
    return shown


def place(view: ViewWidget, row: int) -> QPoint:
    x, y = project(view.camera, CLOUD.xyz, (view.width(), view.height()))[0][row].tolist()
    return QPoint(round(x), round(y))


def drag(qtbot: QtBot, view: ViewWidget, button: Qt.MouseButton, by: QPoint) -> None:
    start = QPoint(100, 100)
    qtbot.mousePress(view, button, pos=start)
    for part in (0.3, 0.6, 1.0):
        qtbot.mouseMove(view, start + by * part)
    qtbot.mouseRelease(view, button, pos=start + by)


def test_a_drag_turns_and_is_undone_in_one_step(qtbot: QtBot, view: ViewWidget) -> None:
    before = view.camera
    in_front = before.target + 0.5 * before.axes[2:]
    drag(qtbot, view, Qt.MouseButton.LeftButton, QPoint(60, 30))
    after = view.camera
    moved = project(after, in_front, (320, 240))[0] - project(before, in_front, (320, 240))[0]
    assert (moved > 5).all(), "the near side must follow the mouse"
    assert after.target == before.target
    assert after.distance == before.distance
    assert after.axes[2] @ before.axes[2] < 0.99
    view.undo_camera()
    assert view.camera == before
    view.redo_camera()
    assert view.camera == after
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert view.camera == before


def test_a_drag_with_the_right_button_moves_the_scene(qtbot: QtBot, view: ViewWidget) -> None:
    before = project(view.camera, CLOUD.xyz, (320, 240))[0]
    centre = project(view.camera, np.array([view.camera.target]), (320, 240))[0]
    target = view.camera.target
    drag(qtbot, view, Qt.MouseButton.RightButton, QPoint(40, 20))
    moved = project(view.camera, np.array([target]), (320, 240))[0]
    np.testing.assert_allclose(moved - centre, [[40, 20]], atol=1e-6)
    assert not np.allclose(before, project(view.camera, CLOUD.xyz, (320, 240))[0])


def test_the_wheel_zooms_in(qtbot: QtBot, view: ViewWidget) -> None:
    distance = view.camera.distance
    event = QWheelEvent(
        QPointF(50, 60), QPointF(50, 60), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QGuiApplication.sendEvent(view, event)
    assert view.camera.distance == pytest.approx(distance / 1.15)


def test_every_key_moves_the_camera_and_fit_finds_the_scene_again(qtbot: QtBot, view: ViewWidget) -> None:
    fitted = view.camera
    for each in VIEW_KEYS:
        view.camera = fitted
        view.look_from("top" if each.id != "view.top" else "front")
        before = view.camera
        told: list[Camera] = []
        view.camera_changed.connect(told.append)
        qtbot.keyClicks(view, each.key) if len(each.key) == 1 else qtbot.keySequence(view, each.key)
        view.camera_changed.disconnect(told.append)
        assert view.camera != before, each.id
        assert told == [view.camera]
    view.camera = Camera((90, 90, 90))
    qtbot.keyClicks(view, "f")
    at = project(view.camera, CLOUD.xyz, (320, 240))[0]
    assert ((at > 0) & (at < (320, 240))).all()


def test_a_camera_is_copied_from_one_view_to_another(
    qtbot: QtBot, view: ViewWidget, open_view: OpenView
) -> None:
    view.look_from("left")
    other = open_view(Scene((CLOUD,)))
    qtbot.keySequence(view, "Ctrl+Shift+C")
    qtbot.keySequence(other, "Ctrl+Shift+V")
    assert other.camera.target == view.camera.target
    np.testing.assert_allclose(other.camera.axes, view.camera.axes, atol=1e-12)
    kept = other.camera
    QGuiApplication.clipboard().setText("no camera")
    other.paste_camera()
    assert other.camera == kept


def test_hover_click_and_double_click_find_the_point(qtbot: QtBot, view: ViewWidget) -> None:
    hovered: list[Pick | None] = []
    view.hovered.connect(hovered.append)

    def hover() -> bool:
        qtbot.mouseMove(view, place(view, 1) + QPoint(1, 0))
        qtbot.mouseMove(view, place(view, 1))
        return bool(hovered) and hovered[-1] is not None

    qtbot.waitUntil(hover)
    assert hovered[-1] is not None
    assert (hovered[-1].key, hovered[-1].index, hovered[-1].xyz) == ("cloud", 1, (1.0, 0.0, 0.0))
    with qtbot.waitSignal(view.clicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 2))
    assert clicked.args is not None and clicked.args[0].index == 2
    qtbot.mouseMove(view, QPoint(3, 3))
    assert hovered[-1] is None
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place(view, 3))
    assert view.camera.target == (0.0, 0.0, 1.0)


def test_a_change_of_the_view_clears_the_hovered_point(qtbot: QtBot, view: ViewWidget) -> None:
    hovered: list[Pick | None] = []
    view.hovered.connect(hovered.append)

    def hover(row: int) -> None:
        def found() -> bool:
            qtbot.mouseMove(view, place(view, row) + QPoint(1, 0))
            qtbot.mouseMove(view, place(view, row))
            return bool(hovered) and hovered[-1] is not None

        hovered.clear()
        qtbot.waitUntil(found)

    moves: list[Callable[[], None]] = [
        lambda: qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place(view, 3)),
        lambda: qtbot.keyClick(view, Qt.Key.Key_Left),
        lambda: setattr(view, "camera", zoom_to(view.camera, 1.2, (5, 5), view.logical)),
        view.undo_camera,
        lambda: view.resize(view.width() + 40, view.height()),
        lambda: view.set_scene(Scene((CLOUD,), point_size=4)),
    ]
    for move in moves:
        qtbot.waitUntil(lambda: view.is_settled)
        hover(3)
        move()
        qtbot.waitUntil(lambda: hovered[-1] is None)


def test_the_header_and_the_colour_bar_are_drawn_over_the_picture(qtbot: QtBot, view: ViewWidget) -> None:
    plain = pixels(view.grab().toImage())
    view.set_header("APSNet-G", "32 points")
    view.set_color_bar(ColorBar("attention", 1e-5, 1, colormap.table(), unit="weight", log=True))
    drawn = pixels(view.grab().toImage())
    changed = (plain != drawn).any(axis=2)
    assert changed[:30, :150].any()
    assert not changed[100:, :200].any()
    bar = drawn[50:206, 320 - 21]
    assert bar[0].sum() > 500 > bar[-1].sum()
    assert "APSNet-G 32 points" in view.accessibleName()


def test_setting_the_camera_by_program_emits_no_signal(view: ViewWidget) -> None:
    told: list[Camera] = []
    view.camera_changed.connect(told.append)
    view.camera = Camera((1, 2, 3))
    assert told == []


def test_the_camera_follows_the_scene_until_it_is_touched(qtbot: QtBot, open_view: OpenView) -> None:
    shown = open_view(Scene((CLOUD,)))
    near = shown.camera.distance
    far = PointLayer("cloud", CLOUD.xyz * 100, CLOUD.colors)
    shown.set_scene(Scene((far,)))
    assert shown.camera.distance == pytest.approx(100 * near, rel=1e-3)
    shown.look_from("top")
    kept = shown.camera
    shown.set_scene(Scene((CLOUD,)))
    assert shown.camera == kept


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_finer_screen_shows_the_same_in_more_pixels(
    qtbot: QtBot, open_view: OpenView, ratio: float
) -> None:
    view = open_view(Scene((CLOUD,), point_size=6, show_axes=False), ratio=ratio)
    image = picture(qtbot, view)
    assert image.shape[:2] == (240 * ratio, 320 * ratio)
    places = project(view.camera, CLOUD.xyz, view.logical)[0]
    for row, (x, y) in enumerate(places.tolist()):
        assert (image[round(y * ratio), round(x * ratio)] > 200).all()
        found = view.pick(QPointF(x, y))
        assert found is not None and found.index == row
    lit = (image > 140).all(axis=2).sum()  # includes half-covered pixels of the rim
    assert lit == pytest.approx(
        np.pi * (6 * ratio) ** 2, rel=0.15
    )  # four discs of unchanged size on the screen

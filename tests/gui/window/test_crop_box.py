"""The crop box is dragged by its handles; points outside it fade at once, and Enter removes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.crop import Box
from apsnet_core.files import write
from apsnet_core.types import Mask
from apsnet_gui.views.box_handles import FACES, TURN, Handles
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, drag, trigger
from tests.narrow import present

UTM = np.array([636_000.0, 851_000.0, 400.0])
XYZ = np.random.default_rng(2).uniform([-3, -2, -1], [3, 2, 1], (6000, 3)).astype(np.float32)


def handles(window: Window) -> Handles:
    view = window.view
    return Handles(present(window.crop.box), np.asarray(view.scene.offset), view.camera, view.logical)


def place(window: Window, handle: int) -> tuple[int, int]:
    x, y = handles(window).seen(handles(window).places)[0][handle].tolist()
    return round(x), round(y)


def enter(window: Window, number: int, text: str) -> None:
    field = window.crop_bar.fields[number]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def inside(box: Box) -> Mask:
    """The oracle, in float64: the distance of each point from the centre along the turned axes."""
    angle = np.radians(box.turn)
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    away = (XYZ.astype(np.float64) + UTM - box.centre) @ turn.T
    found: Mask = (np.abs(away) <= np.array(box.size) / 2 + 1e-6).all(axis=1)
    return found


def faded(qtbot: QtBot, window: Window) -> Mask:
    qtbot.waitUntil(lambda: window.is_complete)
    mark = present(window.session.selected.mark(active(window).id))
    assert mark.faded
    return mark.mask


def test_faces_are_dragged_and_the_box_is_turned_and_applied(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    write(PointCloud(XYZ, offset=UTM), tmp_path / "block.ply")
    window = open_window(str(tmp_path / "block.ply"))
    window.session.look(samples=False)
    window.session.stand(active(window).id, "z")
    settle(qtbot, window)
    view, whole = window.view, active(window)
    trigger(window, "crop")
    qtbot.waitUntil(lambda: window.crop.box is not None)
    assert window.crop_bar.isVisible() and not faded(qtbot, window).any()
    first = present(window.crop.box)
    np.testing.assert_allclose(first.size, np.ptp(XYZ.astype(np.float64), axis=0), atol=1e-5)

    for axis, side in ((0, 1), (1, -1), (2, 1)):
        before = present(window.crop.box)
        handle = FACES.index((axis, side))
        (x, y), (to_x, to_y) = place(window, handle), place(window, FACES.index((axis, -side)))
        end = round(x + 0.4 * (to_x - x)), round(y + 0.4 * (to_y - y))
        camera = view.camera
        drag(view, [(x, y), ((x + end[0]) // 2, (y + end[1]) // 2), end])
        after = present(window.crop.box)
        assert view.camera == camera and after.size[axis] < 0.75 * before.size[axis]
        others = [each for each in range(3) if each != axis]
        assert [after.size[each] for each in others] == [before.size[each] for each in others]
        fixed = [box.centre[axis] - side * box.size[axis] / 2 for box in (before, after)]
        assert abs(fixed[0] - fixed[1]) < 1e-6, "the opposite face must not move"
        assert np.hypot(*np.subtract(place(window, handle), end)) < 4, "the handle must follow the pointer"
    np.testing.assert_array_equal(faded(qtbot, window), ~inside(present(window.crop.box)))

    x, y = place(window, TURN)
    drag(view, [(x, y), (x + 40, y - 30)])
    turned = present(window.crop.box)
    assert turned.turn != 0 and turned.size == after.size
    np.testing.assert_array_equal(faded(qtbot, window), ~inside(turned))

    enter(window, 3, "2.5")
    assert present(window.crop.box).size[0] == 2.5 and present(window.crop.box).turn == turned.turn
    window.crop_bar.keep.button(1).click()
    np.testing.assert_array_equal(faded(qtbot, window), inside(present(window.crop.box)))
    window.crop_bar.keep.button(0).click()
    box = present(window.crop.box)
    camera = view.camera
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    np.testing.assert_array_equal(present(active(window).kept).mask(len(XYZ)), inside(box))
    assert not window.crop.held and window.session.selected.mark(active(window).id) is None
    window.session.undo()
    assert active(window) == whole

    trigger(window, "crop")
    qtbot.waitUntil(lambda: window.crop.box is not None)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert not window.crop_bar.isVisible() and active(window) == whole
    assert window.session.selected.mark(whole.id) is None


def test_a_box_is_applied_by_the_keyboard_and_focus_returns_to_the_view(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    write(PointCloud(XYZ), tmp_path / "block.ply")
    window = open_window(str(tmp_path / "block.ply"))
    settle(qtbot, window)
    trigger(window, "crop")
    bar = window.crop_bar
    qtbot.waitUntil(lambda: window.crop.box is not None)
    before = present(window.crop.box)
    enter(window, 3, "3")
    enter(window, 0, "0.123456")
    box = present(window.crop.box)
    assert box.size == (3, *before.size[1:]) and box.centre == (0.123456, *before.centre[1:])
    refused: list[str] = []
    bar.fields[4].refused.connect(refused.append)
    enter(window, 4, "-2")
    assert present(window.crop.box) == box and "not a length" in refused[0]
    QTest.keyClick(bar.fields[4], Qt.Key.Key_Down)
    assert 0.9 < present(window.crop.box).size[1] / box.size[1] < 1
    enter(window, 6, "270")
    assert present(window.crop.box).turn == -90
    bar.apply.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bar.apply, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    assert not bar.isVisible() and window.focusWidget() is window.view

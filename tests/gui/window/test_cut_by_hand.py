"""Keys and the bar's buttons select points, change the selection and cut the cloud; each step is undone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from scipy.spatial import cKDTree

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.region import usual_growth
from apsnet_core.files import write
from apsnet_core.types import Mask
from apsnet_gui.window.window import Window
from tests.core.editing.room import room
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import SQUARE, active, chosen, cloud_of, drag, seen_inside
from tests.narrow import present

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOT = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> Window:
    """A window with every 20th point of the room, far from the origin."""
    cloud = room().cloud[::20]
    write(PointCloud(cloud.xyz, offset=np.array([636_000.0, 851_000.0, 400.0])), tmp_path / "room.las")
    window = open_window(str(tmp_path / "room.las"))
    window.session.look(samples=False, depth=0)
    settle(qtbot, window)
    window.view.setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def press(window: Window, key: Qt.Key, with_: Qt.KeyboardModifier = NOT) -> None:
    QTest.keyClick(window.view, key, with_)


def click(qtbot: QtBot, window: Window, text: str) -> None:
    """Click a button of the bar once it can be clicked."""
    [button] = [each for each in window.select_bar.findChildren(QToolButton) if each.text() == text]
    qtbot.waitUntil(button.isEnabled)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def near(points: np.ndarray, own: Mask, radius: float) -> Mask:
    """The oracle, by scipy: which points are within a radius of a point of ``own``."""
    found: Mask = np.asarray(cKDTree(points[own]).query(points)[0]) <= radius
    return found


def test_keys_change_a_selection_and_each_button_is_a_step_that_ctrl_z_takes_back(
    qtbot: QtBot, window: Window
) -> None:
    press(window, Qt.Key.Key_R)
    drag(window.view, [SQUARE[0], SQUARE[2]])
    first, (inside, unsure) = chosen(qtbot, window), seen_inside(window, SQUARE)
    np.testing.assert_array_equal(first[~unsure], inside[~unsure])
    points = cloud_of(window).xyz.astype(np.float64)
    radius = usual_growth(cloud_of(window).xyz)
    press(window, Qt.Key.Key_G)
    grown = chosen(qtbot, window)
    np.testing.assert_array_equal(grown, near(points, first, radius))
    press(window, Qt.Key.Key_S)
    np.testing.assert_array_equal(chosen(qtbot, window), ~near(points, ~grown, radius))
    press(window, Qt.Key.Key_I, CONTROL | SHIFT)
    turned = chosen(qtbot, window)
    np.testing.assert_array_equal(turned, near(points, ~grown, radius))
    press(window, Qt.Key.Key_C)
    spread = chosen(qtbot, window)
    assert spread[turned].all() and spread.sum() > turned.sum()
    press(window, Qt.Key.Key_A, CONTROL | SHIFT)
    assert not chosen(qtbot, window).any()
    press(window, Qt.Key.Key_A, CONTROL)
    assert chosen(qtbot, window).all()

    whole, source = active(window), cloud_of(window).xyz
    drag(window.view, [SQUARE[0], SQUARE[2]])
    mask = chosen(qtbot, window)
    for text, left in (("Delete", ~mask), ("Keep only", mask), ("Extract", mask)):
        click(qtbot, window, text)
        qtbot.waitUntil(lambda: active(window).kept is not None)
        settle(qtbot, window)
        np.testing.assert_array_equal(cloud_of(window).xyz, source[left], err_msg=text)
        np.testing.assert_array_equal(cloud_of(window).offset, present(whole).shape.offset)
        press(window, Qt.Key.Key_Z, CONTROL)
        assert active(window) == whole and len(window.session.document.entries) == 1, text
        np.testing.assert_array_equal(chosen(qtbot, window), mask, err_msg=text)
    click(qtbot, window, "Hide")
    qtbot.waitUntil(lambda: active(window).hidden is not None)
    assert not chosen(qtbot, window).any()
    np.testing.assert_array_equal(present(active(window).hidden_mask), mask)


def test_hidden_points_are_not_selected_and_each_cloud_keeps_its_selection(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    press(window, Qt.Key.Key_R)
    drag(window.view, [SQUARE[0], SQUARE[2]])
    mask = chosen(qtbot, window)
    press(window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: active(window).hidden is not None)
    for _ in range(2):
        assert not chosen(qtbot, window).any()
        press(window, Qt.Key.Key_Z, CONTROL)
        np.testing.assert_array_equal(chosen(qtbot, window), mask)
        window.session.redo()
    press(window, Qt.Key.Key_H, SHIFT)
    press(window, Qt.Key.Key_A, CONTROL)
    assert chosen(qtbot, window).all()
    press(window, Qt.Key.Key_Z, CONTROL)  # the points are hidden again
    np.testing.assert_array_equal(chosen(qtbot, window), ~mask)
    press(window, Qt.Key.Key_I, CONTROL | SHIFT)
    assert not chosen(qtbot, window).any(), "hidden points must not be selected"

    session, first = window.session, active(window)
    drag(window.view, [(250, 100), (420, 300)])
    mask = chosen(qtbot, window)
    assert mask.any()
    write(PointCloud(np.random.default_rng(0).random((500, 3), np.float32)), tmp_path / "other.ply")
    window.opening.open_paths([str(tmp_path / "other.ply")])
    settle(qtbot, window)
    other = active(window)
    window.view.setFocus()
    press(window, Qt.Key.Key_A, CONTROL)
    assert chosen(qtbot, window).all() and len(chosen(qtbot, window)) == 500
    session.select(first.id)
    session.choose(m=64)
    np.testing.assert_array_equal(chosen(qtbot, window), mask)
    window.view.setFocus()
    press(window, Qt.Key.Key_Delete, SHIFT)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    session.select(other.id)
    assert chosen(qtbot, window).all()
    session.undo()
    session.undo()
    assert active(window) == first
    np.testing.assert_array_equal(chosen(qtbot, window), mask)

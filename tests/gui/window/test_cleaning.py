"""Points that a cleaning would remove are marked, follow the slider, and are removed as one step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.editing.outliers import duplicates, statistical_outliers
from apsnet_core.files import write
from apsnet_gui.window.window import Window
from tests.core.editing.room import FLOOR, WALL, room
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, cloud_of, marked_in, trigger
from tests.narrow import present


def going(qtbot: QtBot, window: Window) -> np.ndarray:
    qtbot.waitUntil(lambda: window.clean.going is not None)
    settle(qtbot, window)
    return present(window.clean.going)


def test_outliers_are_marked_follow_the_slider_and_are_removed(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    write(room().cloud[::8], tmp_path / "room.ply")
    window = open_window(str(tmp_path / "room.ply"))
    window.session.look(samples=False, depth=0)
    whole = active(window)
    points = cloud_of(window).xyz
    trigger(window, "clean")
    assert window.clean_bar.isVisible() and not window.clean_bar.apply.isEnabled()
    expected = statistical_outliers(points)
    np.testing.assert_array_equal(going(qtbot, window), expected)
    assert marked_in(window.view) == expected.sum() > 20
    window.clean_bar.slider.setValue(0)
    window.clean_bar.slider.setValue(100)  # replaces the pending value 0
    strict = going(qtbot, window)
    np.testing.assert_array_equal(strict, statistical_outliers(points, ratio=window.clean.value))
    assert f"{strict.sum()} of" in window.clean_bar.words.text()
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    np.testing.assert_array_equal(
        np.flatnonzero(present(active(window).kept).mask(len(points))), np.flatnonzero(~strict)
    )
    assert not window.clean.held and marked_in(window.view) == 0
    window.session.undo()
    assert active(window) == whole

    trigger(window, "clean")
    qtbot.mouseClick(window.clean_bar.kinds.button(2), Qt.MouseButton.LeftButton)
    kinds = room().truth[::8][going(qtbot, window)]
    assert np.isin(kinds, [FLOOR, WALL]).mean() > 0.95
    qtbot.mouseClick(window.clean_bar.kinds.button(1), Qt.MouseButton.LeftButton)
    slider = window.clean_bar.slider
    middle = slider.rect().center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(8, middle.y()))
    QTest.mouseMove(slider, middle)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert 1 < window.clean.value < 9
    apart = window.clean.value * window.clean.diagonal / 1000
    np.testing.assert_array_equal(going(qtbot, window), duplicates(points, apart))
    QTest.keyClick(window.view, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert active(window) == whole and marked_in(window.view) == 0 and not window.clean_bar.isVisible()

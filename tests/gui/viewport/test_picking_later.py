"""A click into a picture of many points is answered after a thread has sorted the points."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport import picking
from apsnet_gui.viewport.camera import orbit
from apsnet_gui.viewport.picking import Pick, PickIndex
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import Float32, PointLayer, Scene
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.viewport.conftest import OpenView, picture

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)


def scene(points: Float32) -> Scene:
    return Scene((PointLayer("cloud", points, np.full(points.shape, 250, np.uint8)),), point_size=6)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Every picture counts as large; sorting waits for the gate and must not run on the GUI thread."""
    opened, made = threading.Event(), PickIndex.__init__

    def sort(index: PickIndex, *asked: object) -> None:
        assert threading.current_thread() is not threading.main_thread()
        opened.wait()
        made(index, *asked)  # type: ignore[arg-type]

    with patch.object(picking, "_SMALL", -1), patch.object(PickIndex, "__init__", sort):
        yield opened
        opened.set()


@pytest.fixture
def view(qtbot: QtBot, open_view: OpenView, gate: threading.Event) -> ViewWidget:
    shown = open_view(scene(CORNERS))
    picture(qtbot, shown)
    return shown


def click(qtbot: QtBot, view: ViewWidget, at: Float32) -> None:
    x, y = project(view.seen[1], at[None], view.logical)[0][0].tolist()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


def told(view: ViewWidget) -> list[Pick]:
    picks: list[Pick] = []
    view.clicked.connect(picks.append)
    return picks


def test_clicks_are_answered_in_their_order(qtbot: QtBot, view: ViewWidget, gate: threading.Event) -> None:
    picks = told(view)
    click(qtbot, view, CORNERS[1])
    click(qtbot, view, CORNERS[3])
    view.move_camera(orbit(view.camera, 0.4, 0.2, "z"))
    click(qtbot, view, CORNERS[0])  # in the picture that is still shown
    picture(qtbot, view)
    click(qtbot, view, CORNERS[2])  # in another picture
    assert not picks
    gate.set()
    qtbot.waitUntil(lambda: len(picks) == 4)
    assert [pick.index for pick in picks] == [1, 3, 0, 2]


def test_a_click_on_replaced_points_gets_no_answer(
    qtbot: QtBot, view: ViewWidget, gate: threading.Event
) -> None:
    picks = told(view)
    click(qtbot, view, CORNERS[1])
    kept = view.camera
    view.set_scene(scene(CORNERS[::-1].copy()))
    view.camera = kept
    click(qtbot, view, CORNERS[1])
    gate.set()
    qtbot.waitUntil(lambda: bool(picks))
    assert [pick.index for pick in picks] == [2]


def test_other_colours_of_the_same_points_change_no_answer(
    qtbot: QtBot, view: ViewWidget, gate: threading.Event
) -> None:
    points, picks = view.scene.layers[0], told(view)
    assert isinstance(points, PointLayer)
    click(qtbot, view, CORNERS[1])
    view.set_scene(scene(points.xyz))
    gate.set()
    qtbot.waitUntil(lambda: bool(picks))
    assert [pick.index for pick in picks] == [1]

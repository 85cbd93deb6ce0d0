"""What the eye meets first: the place of the window, the ground of a view, the colour of each shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_gui.panels.clouds_table import COLOUR, CloudsModel
from apsnet_gui.start.splash import FirstFrame
from apsnet_gui.state.open_shape import COLOURS, OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import DARK, LIGHT
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.pictures import contrast
from tests.narrow import of_kind


def test_the_first_window_fits_the_screen_and_stands_where_its_frame_stood(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    frame, window = FirstFrame(Settings(tmp_path), theme), QWidget()
    qtbot.addWidget(frame)
    qtbot.addWidget(window)
    room = frame.screen().availableGeometry()
    assert room.contains(frame.geometry())
    frame.setGeometry(QRect(30, 40, 500, 400))
    frame.give_place_to(window)
    assert window.geometry() == frame.geometry()


def test_a_view_without_a_picture_has_the_ground_of_the_theme(
    qtbot: QtBot, renderer: RenderClient, theme: Theme
) -> None:
    try:
        for mode, ground in (("light", LIGHT), ("dark", DARK)):
            theme.set_mode(mode)
            view = ViewWidget(renderer)
            qtbot.addWidget(view)
            assert view.scene.background_rgb == ground
    finally:
        theme.set_mode("dark")


def test_each_shape_has_a_colour_of_its_own(qapp: QApplication) -> None:
    session = Session()
    cloud = PointCloud.from_array(np.eye(3))
    for batch in (range(1), range(1, 9)):  # one opened alone, then eight at once
        session.add([OpenShape(f"id{i}", f"{i}", f"{i}.ply", cloud) for i in batch])
    colours = [entry.colour for entry in session.document.entries]
    assert sorted(colours[:8]) == sorted(COLOURS) and colours[8] == COLOURS[0]
    session.remove("id2")
    session.add([OpenShape("last", "last", "last.ply", cloud)])
    assert session.document.entries[-1].colour == colours[2]  # the one that none has now
    again = OpenShape("again", "last", "last.ply", cloud)
    session.read_again("last", again)
    assert session.document.entries[-1].colour == colours[2]


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_the_colours_of_shapes_can_be_seen(ground: tuple[int, int, int]) -> None:
    assert all(contrast(colour, "#{:02x}{:02x}{:02x}".format(*ground)) >= 2.5 for colour in COLOURS)


def test_a_selected_row_shows_the_colour_as_it_is(theme: Theme) -> None:
    session = Session()
    model = CloudsModel(session, theme)
    session.add([OpenShape("a", "a", "a.ply", PointCloud.from_array(np.eye(3)), colour="#4a7fb5")])
    icon = of_kind(QIcon, model.index(0, COLOUR).data(Qt.ItemDataRole.DecorationRole))
    seen = {mode: icon.pixmap(16, 16, mode).toImage().pixelColor(8, 8).name() for mode in QIcon.Mode}
    assert seen[QIcon.Mode.Normal] == seen[QIcon.Mode.Selected] == session.document.entries[0].colour

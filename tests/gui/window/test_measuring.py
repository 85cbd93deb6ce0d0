"""Hover, distances and coordinates of a scan far from the origin, by mouse events, against float64."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_gui.viewport.overlay import fitting
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.measuring import Measure
from apsnet_gui.views.readout import read_out
from apsnet_gui.window.pick_text import describe
from apsnet_gui.window.window import Window
from tests.gui.methods import specs
from tests.narrow import of_kind, present

from .conftest import OpenWindow, settle

FAR = np.array([636_000.125, 851_000.5, 118.0])
CORNERS = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 2], [3, 4, 2]], np.float64)


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> Window:
    """Five points, few enough that none hides another, with a class each."""
    cloud = PointCloud.from_array(FAR + CORNERS, attributes={"classification": np.array([2, 2, 6, 6, 9])})
    files.write(cloud, tmp_path / "a.ply")
    window = open_window(str(tmp_path / "a.ply"))
    window.session.look(samples=False)
    settle(qtbot, window)
    return window


def at(view: ViewWidget, row: int) -> QPoint:
    """The pixel of a point."""
    layer = of_kind(PointLayer, view.scene.layers[0])
    x, y = project(view.camera, layer.xyz, view.logical)[0][row].tolist()
    return QPointF(x, y).toPoint()


def click(view: ViewWidget, row: int) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, row))


def measured(window: Window) -> Measure:
    return present(window.measuring.measure)


@pytest.mark.parametrize(("crs", "unit"), [("EPSG:32633", "m"), (None, "units")])
def test_lengths_have_the_unit_that_the_file_names(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, crs: str | None, unit: str
) -> None:
    files.write(PointCloud.from_array(FAR + CORNERS, crs=crs), tmp_path / "a.las")
    window = open_window(str(tmp_path / "a.las"))
    window.session.look(samples=False)
    settle(qtbot, window)
    window.commands.view.measure()
    click(window.view, 0)
    click(window.view, 4)
    assert measured(window).lines[0] == f"5.3852\u00a0{unit}"
    told = "" if crs is None else f" {unit}"
    assert window.clouds.facts.extent.text() == f"3 × 4 × 2{told}"
    pick = present(window.view.pick(QPointF(at(window.view, 0))))
    for said in (read_out(pick, window.view.scene, window.session), describe(pick, window.session)):
        assert said.endswith(f"118.0000{told}" + ")" * said.startswith("0 ")), said
    entry = present(window.session.document.active)
    window.session.edit(entry.id, "Colour by height", colouring="height")
    settle(qtbot, window)
    assert present(window.view.caption.bar).unit == unit
    assert window.sampling.result.chamfer.text().endswith(f"sq.\u00a0{unit}")
    assert window.sampling.result.hausdorff.text().endswith(f"\u00a0{unit}")


def test_two_clicks_measure_and_all_views_show_it(qtbot: QtBot, window: Window) -> None:
    window.commands.view.measure()
    view, before = window.view, window.view.grab().toImage()
    click(view, 0)
    assert window.measuring.measure is None
    click(view, 4)
    measure = measured(window)
    np.testing.assert_array_equal([measure.start, measure.end], FAR + CORNERS[[0, 4]])
    assert measure.distance == np.linalg.norm(CORNERS[4])
    assert measure.lines == ("5.3852\u00a0units", "dx 3.0000   dy 4.0000   dz 2.0000")
    assert view.grab().toImage() != before
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert (
        copied.splitlines()[0] == "distance 5.3852 units" and "636003.1250, 851004.5000, 120.0000" in copied
    )
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not window.measuring.held and window.measuring.measure is measure
    window.session.line_up("Compare", methods=specs("random", "voxel"), shown=True)
    settle(qtbot, window)
    for cell in window.grid.cells.values():
        each = cell.view
        drawn = each.grab().toImage()
        window.measuring.measure = None
        assert each.grab().toImage() != drawn
        window.measuring.measure = measure


def test_a_measure_is_cleared_by_delete_by_esc_after_one_click_and_with_its_shape(window: Window) -> None:
    measuring = window.measuring
    for end in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        window.commands.view.measure()
        click(window.view, 1)
        click(window.view, 2)
        assert measured(window).distance == 5
        QTest.keyClick(window.view, end)
        assert measuring.measure is None and measuring.held
    click(window.view, 1)
    QTest.keyClick(window.view, Qt.Key.Key_Escape)
    window.commands.view.measure()
    click(window.view, 1)
    assert measuring.measure is None, "the first click before Esc is forgotten"
    click(window.view, 3)
    assert measuring.measure is not None
    window.session.remove(present(window.session.document.active).id)
    assert measuring.measure is None and not measuring.held


def test_a_right_click_copies_coordinates(qtbot: QtBot, window: Window) -> None:
    with qtbot.waitSignal(window.view.menu_wanted):
        QTest.mouseClick(window.view, Qt.MouseButton.RightButton, pos=at(window.view, 4))
    [(menu, copy)] = [
        (menu, action)
        for menu in window.findChildren(QMenu)
        for action in menu.actions()
        if action.text() == "Copy coordinates"
    ]
    assert copy.isEnabled()
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "636003.1250, 851004.5000, 120.0000"
    menu.close()
    key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    with qtbot.waitSignal(window.view.menu_wanted, check_params_cb=window.view.rect().contains):
        QApplication.sendEvent(window.view, key)
    for other in window.findChildren(QMenu):
        other.close()


def test_hover_lists_as_many_fields_as_fit(window: Window) -> None:
    view = window.view
    pick = present(view.pick(at(view, 2).toPointF()))
    told = read_out(pick, view.scene, window.session).split("\n")
    assert told == ["2  (636000.1250, 851004.5000, 118.0000)", "classification 6, Building"]
    lines = [str(number) for number in range(30)]
    assert fitting(lines, 30)[-2:] == ["14", "and 15 more"] and len(fitting(lines, 30)) == 16
    assert fitting(lines, 3) == ["0", "1", "and 28 more"] and fitting(lines, 1) == ["0"]
    assert fitting(lines[:3], 3) == lines[:3]

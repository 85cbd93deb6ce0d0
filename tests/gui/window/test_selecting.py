"""Points are selected with the mouse by box, lasso, polygon and brush, then deleted, kept or extracted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scipy.spatial import cKDTree

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_core.files import write
from apsnet_core.types import Array, Float64, Mask
from apsnet_gui.state import project_file as project
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.camera import Camera, standard_view
from apsnet_gui.viewport.picking import PickIndex
from apsnet_gui.viewport.projection import project as pixels_of
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.marks import CHOSEN
from apsnet_gui.widgets.form_rows import grouped
from apsnet_gui.window.field_dialog import FieldDialog
from apsnet_gui.window.window import Window
from tests.core.editing.room import FURNITURE, room
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.narrow import of_kind, present

LEFT = Qt.MouseButton.LeftButton
PLAIN, ADD, REMOVE = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Places = Sequence[tuple[int, int]]
SQUARE: Places = ((240, 160), (360, 160), (360, 280), (240, 280))


@pytest.fixture
def scan(tmp_path: Path) -> str:
    """A file with every fourth point of the room."""
    path = tmp_path / "room.ply"
    write(room().cloud[::4], path)
    return str(path)


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, scan: str) -> Window:
    window = open_window(scan)
    window.session.look(samples=False, depth=0)
    settle(qtbot, window)
    return window


def active(window: Window) -> OpenShape:
    return present(window.session.document.active)


def cloud_of(window: Window) -> PointCloud:
    return of_kind(PointCloud, active(window).shape)


def trigger(window: Window, id: str) -> None:
    assert window.actions_by_id[id].isEnabled(), id
    window.actions_by_id[id].trigger()


def chosen(qtbot: QtBot, window: Window) -> Mask:
    """The selection once the window has no work left."""
    qtbot.waitUntil(lambda: window.is_complete)
    mask = window.session.selected.of(active(window).id)
    return np.zeros(active(window).count, np.bool_) if mask is None else mask


def send(view: ViewWidget, kind: QEvent.Type, at: tuple[int, int], keys: Qt.KeyboardModifier) -> None:
    here = QPoint(*at)
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    globally = view.mapToGlobal(here).toPointF()
    QApplication.sendEvent(view, QMouseEvent(kind, here.toPointF(), globally, button, held, keys))


def drag(view: ViewWidget, places: Places, keys: Qt.KeyboardModifier = PLAIN) -> None:
    """Drag with the left button through these places."""
    send(view, QEvent.Type.MouseButtonPress, places[0], keys)
    for place in places[1:]:
        send(view, QEvent.Type.MouseMove, place, keys)
    send(view, QEvent.Type.MouseButtonRelease, places[-1], keys)


def seen_inside(window: Window, corners: Places, camera: Camera | None = None) -> tuple[Mask, Mask]:
    """The oracle, by matplotlib: points that project into a polygon, and those too near its edge to tell."""
    view = window.view
    pixels, depth = pixels_of(camera or view.camera, cloud_of(window).xyz.astype(np.float64), view.logical)
    outline = Outline([*corners, corners[0]], closed=True)
    inside, more, less = (outline.contains_points(pixels, radius=by) for by in (0, 0.05, -0.05))
    return inside & (depth > 0), more != less


def check(found: Mask, expected: Mask, unsure: Mask) -> None:
    assert expected.sum() > 50
    np.testing.assert_array_equal(found[~unsure], expected[~unsure])


def marked_in(view: ViewWidget) -> int:
    """The number of points of the scene with nearly the colour of selected points."""
    layers = [layer for layer in view.scene.layers if isinstance(layer, PointLayer)]
    away = [np.abs(layer.colors.astype(int) - CHOSEN).max(axis=1) <= 60 for layer in layers]
    return int(sum(each.sum() for each in away))


def test_a_box_selects_and_shift_adds_and_ctrl_removes(qtbot: QtBot, window: Window) -> None:
    view = window.view
    trigger(window, "select-box")
    assert window.actions_by_id["select-box"].isChecked() and window.select_bar.isVisible()
    drag(view, [SQUARE[0], SQUARE[2]])
    expected, unsure = seen_inside(window, SQUARE)
    check(chosen(qtbot, window), expected, unsure)
    assert marked_in(view) == chosen(qtbot, window).sum(), "the selection must be marked at once"
    assert grouped(int(chosen(qtbot, window).sum())) in window.select_bar.words.text()

    more: Places = ((400, 200), (480, 200), (480, 300), (400, 300))
    drag(view, [more[2], more[0]], ADD)
    beside, also = seen_inside(window, more)
    check(chosen(qtbot, window), expected | beside, unsure | also)
    middle: Places = ((280, 100), (440, 100), (440, 400), (280, 400))
    drag(view, [middle[0], middle[2]], REMOVE)
    less, too = seen_inside(window, middle)
    check(chosen(qtbot, window), (expected | beside) & ~less, unsure | also | too)

    drag(view, [more[0], more[2]])
    check(chosen(qtbot, window), beside, also)
    drag(view, [(5, 5)])
    assert not chosen(qtbot, window).any() and marked_in(view) == 0, "a click selects nothing"
    assert not window.session.modified or window.session.undo_text != "Select points"
    window.session.selected.choose(active(window).id, expected)
    window.session.selected.choose(active(window).id, None)  # before its size is measured
    settle(qtbot, window)
    assert "selected" not in window.select_bar.words.text()

    view.camera, seen = standard_view(view.camera, "top", "z"), present(view.frame).camera
    assert seen != view.camera, "the next picture is not drawn yet"
    expected, unsure = seen_inside(window, SQUARE, seen)
    drag(view, [SQUARE[0], SQUARE[2]])
    check(chosen(qtbot, window), expected, unsure)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.hand.tool is None and not window.select_bar.isVisible()


def test_lasso_and_polygon_select_the_points_inside(qtbot: QtBot, window: Window) -> None:
    view = window.view
    bend: Places = ((200, 150), (380, 140), (400, 330), (320, 250), (230, 340))
    trigger(window, "select-lasso")
    drag(view, bend)
    expected, unsure = seen_inside(window, bend)
    check(chosen(qtbot, window), expected, unsure)
    drag(view, [(5, 5)])
    assert not chosen(qtbot, window).any()

    trigger(window, "select-polygon")
    for at in bend:
        drag(view, [at])
    QTest.keyClick(view, Qt.Key.Key_Return)
    settle(qtbot, window)
    wide, along = seen_inside(window, bend)
    check(chosen(qtbot, window), wide, along)
    for at in ((600, 10), (610, 20)):
        drag(view, [at])
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, PLAIN, "", True)
    for _ in range(3):
        QApplication.sendEvent(view, held)
    settle(qtbot, window)
    assert not active(window).cuts, "holding Backspace removes corners and must not delete points"
    drag(view, [(600, 10)])
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.select.held, "the first Esc only drops the unfinished polygon"
    check(chosen(qtbot, window), wide, along)
    for at in (*SQUARE, (SQUARE[0][0] + 3, SQUARE[0][1] - 3)):
        drag(view, [at], ADD)
    square, edge = seen_inside(window, SQUARE)
    check(chosen(qtbot, window), wide | square, along | edge)


def test_a_brush_paints_the_front_surface(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    across = np.linspace(-1, 1, 160)
    layers = [np.stack([*map(np.ravel, np.meshgrid(across, across)), np.full(160**2, z)]).T for z in (0, 1)]
    write(PointCloud(np.concatenate(layers).astype(np.float32)), tmp_path / "two.ply")
    window = open_window(str(tmp_path / "two.ply"))
    window.session.look(samples=False)
    view = window.view
    window.session.stand(active(window).id, "z")
    settle(qtbot, window)
    view.look_from("top")
    settle(qtbot, window)
    trigger(window, "select-brush")
    width, height = view.logical
    path: Places = (
        (width // 2 - 60, height // 2),
        (width // 2, height // 2 + 20),
        (width // 2 + 50, height // 2),
    )
    drag(view, path)
    pixels, _ = pixels_of(view.camera, cloud_of(window).xyz.astype(np.float64), view.logical)
    steps = np.concatenate([np.linspace(a, b, 400) for a, b in pairwise(path)])
    away: Float64 = np.asarray(cKDTree(steps).query(pixels)[0])
    upper = cloud_of(window).xyz[:, 2] == 1
    check(
        chosen(qtbot, window), upper & (away <= window.select.radius), abs(away - window.select.radius) < 0.1
    )
    radius = window.select.radius
    QTest.keyClick(view, Qt.Key.Key_BracketRight)
    assert window.select.radius > radius


def test_a_selection_is_deleted_kept_or_extracted_in_one_undo_step(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    view, whole = window.view, active(window)
    camera = view.camera
    trigger(window, "select-box")
    drag(view, [SQUARE[0], SQUARE[2]])
    mask = chosen(qtbot, window)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    source = room().cloud[::4].xyz
    np.testing.assert_array_equal(cloud_of(window).xyz, source[~mask])
    assert window.select.held and view.camera == camera, "the tool stays active for the next one"
    saved = tmp_path / "p.apsnet"
    project.save(window.session, saved)
    window.session.undo()
    settle(qtbot, window)
    assert active(window) == whole
    np.testing.assert_array_equal(chosen(qtbot, window), mask)

    trigger(window, "selection-keep")
    qtbot.waitUntil(lambda: active(window).kept is not None)
    np.testing.assert_array_equal(cloud_of(window).xyz, source[mask])
    window.session.undo()
    trigger(window, "selection-extract")
    qtbot.waitUntil(lambda: len(window.session.document.entries) == 2)
    scanned, part = window.session.document.entries
    assert not scanned.visible and active(window) is part and part.up == scanned.up
    np.testing.assert_array_equal(cloud_of(window).xyz, source[mask])
    window.session.undo()
    assert active(window) == whole

    window.opening.open_paths([str(saved)])
    settle(qtbot, window)
    np.testing.assert_array_equal(cloud_of(window).xyz, source[~mask])


def test_a_selection_grows_shrinks_is_inverted_and_takes_connected_points(
    qtbot: QtBot, window: Window
) -> None:
    truth = room().truth[::4]
    horse = [name for name, _, _ in FURNITURE].index("horse")
    trigger(window, "planes")
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    left = truth[np.flatnonzero(present(active(window).kept).mask(len(truth)))]
    seed = np.zeros(len(left), np.bool_)
    seed[np.flatnonzero(left == horse)[:20]] = True
    window.session.selected.choose(active(window).id, seed)
    trigger(window, "select-grow")
    grown = chosen(qtbot, window)
    assert grown[seed].all() and grown.sum() > seed.sum()
    trigger(window, "select-shrink")
    assert chosen(qtbot, window).sum() < grown.sum()
    window.session.selected.choose(active(window).id, seed)
    trigger(window, "select-connected")
    found = chosen(qtbot, window)
    assert (found & (left == horse)).sum() / (found | (left == horse)).sum() > 0.8
    trigger(window, "select-none")
    trigger(window, "select-piece")
    view = window.view
    places = pixels_of(view.camera, cloud_of(window).xyz.astype(np.float64), view.logical)[0]
    index = PickIndex(view.scene, view.camera, view.logical)
    x, y = next(
        (round(x), round(y))
        for x, y in places[seed].tolist()
        if (pick := index.at(round(x), round(y))) is not None and found[pick.index]
    )
    drag(view, [(x, y)])
    np.testing.assert_array_equal(chosen(qtbot, window), found)
    drag(view, [(x, y)], REMOVE)
    assert not chosen(qtbot, window).any()
    drag(view, [(x, y)])
    np.testing.assert_array_equal(chosen(qtbot, window), found)
    trigger(window, "select-invert")
    np.testing.assert_array_equal(chosen(qtbot, window), ~found)
    trigger(window, "select-all")
    assert chosen(qtbot, window).all()
    trigger(window, "select-none")
    assert not chosen(qtbot, window).any()


def test_selections_run_in_order_and_are_dropped_with_their_cloud(qtbot: QtBot, window: Window) -> None:
    view, whole = window.view, active(window)
    trigger(window, "select-box")
    drag(view, [SQUARE[0], SQUARE[2]])
    drag(view, [(400, 200), (480, 300)], ADD)
    trigger(window, "select-invert")
    one, edge = seen_inside(window, SQUARE)
    two, also = seen_inside(window, ((400, 200), (480, 200), (480, 300), (400, 300)))
    check(chosen(qtbot, window), ~(one | two), edge | also)
    trigger(window, "select-all")
    window.session.remove(whole.id)
    settle(qtbot, window)
    assert window.hand.tool is None and window.session.document.active is None


def test_meshes_and_perturbed_clouds_allow_no_selection(
    qtbot: QtBot, open_window: OpenWindow, scan: str
) -> None:
    window = open_window(CHAIR)
    assert not window.actions_by_id["select-box"].isEnabled()
    window.opening.open_paths([scan])
    settle(qtbot, window)
    window.session.change_what_if("Change the cloud", change=Perturbation(1.5, 30, (0, 0, 0)))
    trigger(window, "select-box")
    assert window.hand.tool is None and "What if" in window.messages.all[-1].text


def test_classes_and_ranges_of_a_field_are_selected(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    kinds, height = rng.integers(1, 4, 900).astype(np.uint8), rng.random(900, np.float32)
    fields: dict[str, Array] = {"classification": kinds, "intensity": height}
    write(PointCloud(rng.random((900, 3), np.float32), attributes=fields), tmp_path / "scan.npz")
    window = open_window(str(tmp_path / "scan.npz"))
    trigger(window, "select-field")
    dialog = window.findChildren(FieldDialog)[-1]
    dialog.field.setCurrentText("classification")
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.classes)
    assert dialog.classes.item(1).text().startswith("Ground"), "named as in the LAS standard"
    line = dialog.classes.visualItemRect(dialog.classes.item(1))
    qtbot.mouseClick(dialog.classes.viewport(), LEFT, pos=QPoint(line.left() + 12, line.center().y()))
    assert dialog.classes.item(1).checkState() == Qt.CheckState.Checked
    qtbot.mouseClick(dialog.go, LEFT)
    np.testing.assert_array_equal(chosen(qtbot, window), kinds == 2)

    trigger(window, "select-field")
    dialog = next(each for each in window.findChildren(FieldDialog) if each.isVisible())
    dialog.field.setCurrentText("intensity")
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == 2)
    dialog.low.selectAll()
    qtbot.keyClicks(dialog.low, "0.75")
    qtbot.keyClick(dialog.low, Qt.Key.Key_Tab)
    qtbot.mouseClick(dialog.go, LEFT)
    np.testing.assert_array_equal(chosen(qtbot, window), height >= 0.75)

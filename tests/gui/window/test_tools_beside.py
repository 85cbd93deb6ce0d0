"""Tools while other things are open or running: other clouds, samples, panels, dialogs and cuts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.selection import Selection
from apsnet_core.files import write
from apsnet_core.types import Float32
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.projection import project
from apsnet_gui.window.field_dialog import FieldDialog
from apsnet_gui.window.objects_dialog import ObjectsDialog
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, chosen, cloud_of, drag, trigger
from tests.narrow import present


def block(middle: tuple[float, float, float]) -> Float32:
    """A grid of 10 by 10 by 10 points, a unit wide."""
    line = np.linspace(-0.5, 0.5, 10)
    grid = np.stack([each.ravel() for each in np.meshgrid(line, line, line)], axis=1)
    return (grid + middle).astype(np.float32)


TWO = np.concatenate([block((0, 0, 0)), block((3, 0, 0))])


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> Window:
    """A cloud of two blocks, and a second cloud of a third block beside them; both are shown."""
    write(PointCloud(block((0, 3, 0))), tmp_path / "other.ply")
    write(PointCloud(TWO, attributes={"kind": np.arange(2000) // 1000}), tmp_path / "blocks.ply")
    window = open_window(str(tmp_path / "other.ply"), str(tmp_path / "blocks.ply"))
    window.session.look(samples=False, depth=0)
    window.session.show([entry.id for entry in window.session.document.entries], True)
    settle(qtbot, window)
    window.view.fit()
    return window


def entry_of(window: Window, name: str) -> OpenShape:
    return next(entry for entry in window.session.document.entries if entry.name == name)


def pixel(window: Window, place: tuple[float, float, float]) -> tuple[int, int]:
    [[x, y]] = project(window.view.camera, np.array([place]), window.view.logical)[0].tolist()
    return round(x), round(y)


def told(window: Window) -> str:
    return window.messages.all[-1].text


def test_a_click_on_another_cloud_is_refused_and_one_on_a_sample_picks_its_point(
    qtbot: QtBot, window: Window
) -> None:
    here, there = pixel(window, (-0.5, -0.5, 0.5)), pixel(window, (-0.5, 3.5, 0.5))
    assert present(window.view.pick(QPointF(*there))).key == entry_of(window, "other").id
    trigger(window, "select-piece")
    drag(window.view, [here])
    first = TWO[:, 0] < 1
    np.testing.assert_array_equal(chosen(qtbot, window), first)
    drag(window.view, [there])
    np.testing.assert_array_equal(chosen(qtbot, window), first)
    assert "That is other, and blocks is current" in told(window)
    trigger(window, "pick-object")
    drag(window.view, [there])
    settle(qtbot, window)
    assert window.objects.held and not active(window).cuts and "That is other" in told(window)

    window.session.look(samples=True)
    settle(qtbot, window)
    trigger(window, "select-piece")
    x, y, z = present(window.session.result).sampling.points[0].tolist()
    assert present(window.view.pick(QPointF(*pixel(window, (x, y, z))))).key == "samples"
    drag(window.view, [pixel(window, (x, y, z))])
    np.testing.assert_array_equal(chosen(qtbot, window), (TWO[:, 0] < 1) == (x < 1))

    before = window.session.document.what_if
    for tool in ("crop", "pick-object"):
        trigger(window, tool)
        at = pixel(window, (x, y, z))
        assert present(window.view.pick(QPointF(*at))).key == "samples"
        QTest.mouseMove(window.view, QPointF(*at).toPoint())
        settle(qtbot, window)
        QTest.keyClick(window.view, Qt.Key.Key_Delete)
        camera = window.view.camera
        drag(window.view, [at, (at[0] + 20, at[1]), (at[0] + 60, at[1])])
        settle(qtbot, window)
        assert window.session.document.what_if == before and window.view.camera != camera, tool


def test_a_hidden_cloud_is_not_cut_and_esc_works_with_any_keyboard_focus(
    qtbot: QtBot, window: Window
) -> None:
    blocks = active(window)
    trigger(window, "crop")
    window.session.show([blocks.id], False)
    assert window.hand.tool is None and active(window).id == blocks.id
    for tool in ("select-box", "crop", "clean", "pick-object"):
        trigger(window, tool)
        assert window.hand.tool is None and "blocks is current, and hidden" in told(window)
    window.session.undo()

    qtbot.waitUntil(window.isActiveWindow)
    table = window.clouds.table
    trigger(window, "select-polygon")
    drag(window.view, [(10, 10)])
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert window.select.held
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert window.hand.tool is None
    for tool in ("crop", "clean", "pick-object", "measure"):
        trigger(window, tool)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Escape)
        assert window.hand.tool is None, tool


def test_cuts_run_in_order_and_keep_changes_made_meanwhile(qtbot: QtBot, window: Window) -> None:
    session, whole, other = window.session, active(window), entry_of(window, "other")
    first, upper, right = TWO[:, 0] < 1, TWO[:, 2] > 0.2, TWO[:, 1] > 0
    session.selected.choose(whole.id, first)
    trigger(window, "selection-delete")
    session.selected.choose(whole.id, upper)
    trigger(window, "selection-delete")
    session.selected.choose(whole.id, right)
    trigger(window, "selection-extract")
    session.edit(whole.id, "Rename", name="renamed")
    session.edit(whole.id, "Turn the up axis", up="x")
    qtbot.waitUntil(lambda: len(session.document.entries) == 3)
    settle(qtbot, window)
    left = entry_of(window, "renamed")
    assert len(left.cuts) == 2 and left.up == "x" and not left.visible
    np.testing.assert_array_equal(present(left.kept).mask(2000), ~first & ~upper)
    np.testing.assert_array_equal(present(active(window).kept).mask(2000), ~first & ~upper & right)
    session.undo()
    assert entry_of(window, "renamed").id == left.id and len(session.document.entries) == 2
    session.undo()
    np.testing.assert_array_equal(present(active(window).kept).mask(2000), ~first)
    session.undo()
    assert active(window).kept is None and active(window).name == "renamed"

    session.selected.choose(whole.id, first)
    trigger(window, "selection-delete")
    session.edit(whole.id, "Hide points", hidden=Selection.of(upper))
    session.select(other.id)
    qtbot.waitUntil(lambda: entry_of(window, "renamed").kept is not None)
    assert active(window).id == other.id, "the cut must not select its cloud again"
    np.testing.assert_array_equal(present(entry_of(window, "renamed").hidden_mask), upper[~first])


def test_dialogs_close_by_esc_and_with_their_cloud(qtbot: QtBot, window: Window) -> None:
    def dialogs() -> list[QDialog]:
        kinds = FieldDialog, ObjectsDialog
        return [each for each in window.findChildren(QDialog) if isinstance(each, kinds) and each.isVisible()]

    for action in ("split", "select-field"):
        for end in ("Esc", "close the cloud"):
            trigger(window, action)
            qtbot.waitUntil(lambda: len(dialogs()) == 1)
            [dialog] = dialogs()
            if end == "Esc":
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
            else:
                window.session.remove(active(window).id)
            qtbot.waitUntil(lambda: not dialogs())
            if end != "Esc":
                window.session.undo()
                settle(qtbot, window)

    height = cloud_of(window).xyz[:, 2]
    trigger(window, "select-field")
    [field] = [each for each in dialogs() if isinstance(each, FieldDialog)]
    field.field.setCurrentText("z")
    qtbot.waitUntil(lambda: field.pages.currentIndex() == 2)
    for box, number in ((field.low, "0.3"), (field.high, "-0.3")):
        box.selectAll()
        qtbot.keyClicks(box, number)
        qtbot.keyClick(box, Qt.Key.Key_Tab)
    qtbot.mouseClick(field.go, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(chosen(qtbot, window), np.abs(height) <= 0.3)

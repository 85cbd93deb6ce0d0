"""A cut that would remove all points or none is refused: the tool stays active, and its bar says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from apsnet_gui.jobs import cutting
from apsnet_gui.views.clean_tool import CLEANINGS
from apsnet_gui.widgets.form_rows import grouped
from apsnet_gui.window.objects_dialog import ObjectsDialog
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, cloud_of, drag, trigger
from tests.gui.window.test_tools_beside import TWO, told
from tests.narrow import present

ALL = len(TWO)


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> Window:
    """Two blocks that are one cloud."""
    write(PointCloud(TWO), tmp_path / "blocks.ply")
    window = open_window(str(tmp_path / "blocks.ply"))
    window.session.look(samples=False, depth=0)
    settle(qtbot, window)
    return window


def test_a_crop_box_that_removes_all_points_or_none_stays_active(qtbot: QtBot, window: Window) -> None:
    bar, whole, said = window.crop_bar, active(window), len(window.messages.all)
    trigger(window, "crop")
    qtbot.waitUntil(lambda: window.crop.going is not None)
    around = present(window.crop.box)
    empty = replace(around, size=(0.1, 0.1, 0.1))  # between the two blocks
    for box, keep, words in (
        (around, "inside", "Drag"),
        (around, "outside", f"All {grouped(ALL)} points"),
        (empty, "inside", f"All {grouped(ALL)} points"),
    ):
        window.crop.set_box(box, "inside" if keep == "inside" else "outside")
        qtbot.waitUntil(lambda: window.crop.going is not None)
        assert not bar.apply.isEnabled() and bar.words.text().startswith(words)
        QTest.keyClick(window.view, Qt.Key.Key_Return)
        settle(qtbot, window)
        assert window.crop.held and active(window) == whole and len(window.messages.all) == said
    x, y, z = around.centre
    window.crop.set_box(replace(around, centre=(x - 2.5, y, z)), "inside")
    qtbot.waitUntil(lambda: window.crop.going is not None)
    first = TWO[:, 0] <= x - 2.5 + around.size[0] / 2
    assert bar.words.text() == f"{grouped(int((~first).sum()))} of {grouped(ALL)} points would be removed"
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    np.testing.assert_array_equal(cloud_of(window).xyz, TWO[first])


def test_a_cleaning_that_removes_all_points_stays_active(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    floor = np.random.default_rng(1).random((2000, 3), np.float32) * np.array([1, 1, 0], np.float32)
    write(PointCloud(floor), tmp_path / "floor.ply")
    window = open_window(str(tmp_path / "floor.ply"))
    window.session.stand(active(window).id, "z")
    trigger(window, "clean")
    planes = [cleaning.text for cleaning in CLEANINGS].index("Floor and walls")
    window.clean.set(planes, 0.0)
    qtbot.waitUntil(lambda: window.clean.going is not None)
    assert window.clean_bar.words.text().startswith(f"All {grouped(2000)} points would be removed")
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert window.clean.held and not active(window).cuts and not window.clean_bar.apply.isEnabled()


def test_a_click_beside_all_points_is_reported_and_hidden_points_get_a_remark(
    qtbot: QtBot, window: Window
) -> None:
    for tool in ("pick-object", "measure"):
        trigger(window, tool)
        drag(window.view, [(3, 3)])
        settle(qtbot, window)
        assert window.hand.tool is not None and "no point under the pointer" in told(window), tool
        window.hand.take(None)
    remarks = window.clouds.facts.remarks
    for chosen, said in (
        (TWO[:, 0] < 1, "Some of its points"),
        (np.ones(ALL, np.bool_), "All of its points"),
    ):
        window.session.selected.choose(active(window).id, chosen)
        trigger(window, "selection-hide")
        qtbot.waitUntil(lambda: active(window).hidden is not None)
        settle(qtbot, window)
        assert said in remarks.text()
        window.session.undo()


def test_the_list_of_objects_says_that_it_shows_only_the_largest(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, said in ((64, "The largest first."), (1, "The 1 largest of 2 are listed")):
        monkeypatch.setattr(cutting, "MOST_OBJECTS", most)
        trigger(window, "split")
        qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(ObjectsDialog)))
        [dialog] = [each for each in window.findChildren(ObjectsDialog) if each.isVisible()]
        assert said in dialog.about.text() and dialog.list.count() == min(most, 2)
        dialog.close()

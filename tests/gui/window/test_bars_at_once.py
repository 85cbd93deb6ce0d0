"""A tool's bar appears as soon as the tool is activated, and names the work that it waits for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from apsnet_core.units import NARROW
from apsnet_gui.widgets.form_rows import grouped
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, chosen, drag, seen_inside, trigger
from tests.narrow import present

XYZ = np.random.default_rng(3).uniform(-1, 1, (4000, 3)).astype(np.float32)


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> Window:
    write(PointCloud(XYZ), tmp_path / "block.ply")
    window = open_window(str(tmp_path / "block.ply"))
    window.session.look(samples=False)
    settle(qtbot, window)
    return window


def test_the_crop_bar_says_that_the_cloud_is_being_measured_and_can_be_closed(
    qtbot: QtBot, window: Window
) -> None:
    bar, background = window.crop_bar, window.background
    background.hold()
    trigger(window, "crop")
    assert bar.isVisible() and bar.words.isVisible() and "Measuring" in bar.words.text()
    assert not bar.apply.isEnabled() and not any(field.isEnabled() for field in bar.fields)
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    assert window.crop.held and bar.isVisible(), "there is nothing to apply yet"
    QTest.keyClick(window.view, Qt.Key.Key_Escape)
    assert not bar.isVisible()

    trigger(window, "crop")
    background.release()
    qtbot.waitUntil(lambda: window.crop.box is not None)
    assert "Measuring" not in bar.words.text() and all(field.isEnabled() for field in bar.fields)
    shown = [float(field.text().replace(NARROW, "")) for field in bar.fields[3:6]]
    np.testing.assert_allclose(shown, np.ptp(XYZ.astype(np.float64), axis=0), atol=1e-3)
    assert bar.keep.checkedId() == 0
    window.crop.put_down()

    background.hold()
    trigger(window, "crop")
    background.cancel_all()
    background.release()
    qtbot.waitUntil(lambda: not window.crop.held)
    assert not bar.isVisible() and "stopped" in window.messages.all[-1].text


def test_the_selection_bar_names_the_running_work_and_then_the_number_of_points(
    qtbot: QtBot, window: Window
) -> None:
    bar, background = window.select_bar, window.background
    trigger(window, "select-box")
    width, height = window.view.logical
    half = ((1, 1), (width // 2, 1), (width // 2, height - 1), (1, height - 1))
    for action, said in (("", "Select points…"), ("select-grow", "Grow the selection…")):
        background.hold()
        if action:
            trigger(window, action)
        else:
            drag(window.view, [half[0], half[2]])
        assert bar.words.text() == said
        background.release()
        settle(qtbot, window)
        count = int(chosen(qtbot, window).sum())
        assert bar.words.text().startswith(f"{grouped(count)} of {grouped(4000)} points selected")
    assert count > seen_inside(window, half)[0].sum()
    before = present(window.session.selected.of(active(window).id))

    background.hold()
    trigger(window, "select-invert")
    background.cancel_all()
    background.release()
    settle(qtbot, window)
    assert window.session.selected.of(active(window).id) is before
    assert bar.words.text().startswith(grouped(count)), "the old selection remains"

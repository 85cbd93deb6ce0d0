"""Samples are edited by mouse and keys in views of the real renderer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.evaluation.comparison.edits import Edit, edited
from apsnet_core.tasks.classification import Classification
from apsnet_gui.state.result import Result
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import SphereLayer
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.sample_editor import PACE_MS
from apsnet_gui.window.window import Window
from tests.gui.methods import place_of
from tests.gui.window.conftest import CHAIR, TIMEOUT, OpenWindow, settle
from tests.narrow import of_kind, present

from .conftest import Compare

LEFT, NONE, CTRL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def result_of(window: Window, method: str) -> Result:
    result = window.results.parts[place_of(method)].result
    assert result is not None
    return result


def seen_samples(view: ViewWidget, result: Result) -> dict[int, QPoint]:
    """The pixels of the samples, by their rows, that nothing covers, so that they can be dragged."""
    places, _ = project(view.camera, result.sampling.points.astype(np.float64), view.logical)
    points = {row: QPoint(*np.rint(place).astype(int).tolist()) for row, place in enumerate(places)}
    picks = {row: view.pick(point.toPointF()) for row, point in points.items() if view.rect().contains(point)}
    return {
        row: points[row] for row, pick in picks.items() if pick and (pick.key, pick.index) == ("samples", row)
    }


def centers(view: ViewWidget) -> np.ndarray:
    [layer] = [layer for layer in view.scene.layers if isinstance(layer, SphereLayer)]
    return layer.centers


def drag(qtbot: QtBot, view: ViewWidget, start: QPoint, *ways: QPoint) -> None:
    QTest.mousePress(view, LEFT, NONE, start)
    for way in ways:
        for part in (0.5, 1.0):
            QTest.mouseMove(view, start + (way - start) * part)
            qtbot.wait(PACE_MS + 10)  # long enough for the document to change during the drag
    QTest.mouseRelease(view, LEFT, NONE, ways[-1])


def test_a_dragged_sample_gets_the_answer_of_the_core(
    qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsnet_gui.state.undo.MERGE_SECONDS", 0.0)  # as in a slow drag
    window = compare("chair", "random,farthest_point", m=16)
    view, before = window.grid.cells[place_of("farthest_point")].view, result_of(window, "farthest_point")
    camera, places = view.camera, seen_samples(view, before)
    (row, start), *_, (_, end) = places.items()
    goal = end + QPoint(12, 9)
    drag(qtbot, view, start, QPoint(view.width() // 2, view.height() // 2), goal)
    settle(qtbot, window)
    assert view.camera == camera  # the drag moved the sample, not the camera
    after = result_of(window, "farthest_point")
    assert after.edit is not None and after.edit.words == "1 moved"
    place = after.edit.placed[0][1]
    moved = Edit(16).place(row, place)
    np.testing.assert_array_equal(after.sampling.points, edited(before.found, moved, before.cloud).points)
    [pixel], _ = project(camera, np.array([place]), view.logical)
    assert np.hypot(*(pixel - (goal.x(), goal.y()))) < 8
    oracle = of_kind(Classification, answer(task_net("classification"), after.cloud, after.sampling, "y"))
    found = of_kind(Classification, window.results.parts[place_of("farthest_point")].answer)
    np.testing.assert_array_equal(found.probabilities, oracle.probabilities)
    bar = window.grid.cells[place_of("farthest_point")].edited
    assert bar.isVisible() and bar.words.text() == "1 moved"
    assert window.table.model.index(1, 0).data() == "Farthest point (edited)"
    assert not window.grid.cells[place_of("random")].edited.isVisible()
    window.session.undo()  # one step for the drag with all its changes
    settle(qtbot, window)
    assert result_of(window, "farthest_point").edit is None and not bar.isVisible()
    np.testing.assert_array_equal(result_of(window, "farthest_point").sampling.points, before.found.points)


def test_delete_removes_a_sample_and_a_control_click_adds_one(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "farthest_point", m=16)
    view, before = window.view, result_of(window, "farthest_point")
    row, place = next(iter(seen_samples(view, before).items()))
    QTest.mouseMove(view, place)
    qtbot.waitUntil(lambda: view.cursor().shape() == Qt.CursorShape.OpenHandCursor, timeout=TIMEOUT)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    settle(qtbot, window)
    removed = result_of(window, "farthest_point")
    np.testing.assert_array_equal(removed.sampling.points, np.delete(before.found.points, row, axis=0))

    pixels, _ = project(view.camera, removed.cloud.xyz.astype(np.float64), view.logical)
    for index in range(len(pixels)):
        at = QPoint(*np.rint(pixels[index]).astype(int).tolist())
        pick = view.pick(at.toPointF())
        if pick is not None and pick.key == removed.entry:
            break
    assert pick is not None
    QTest.mouseClick(view, LEFT, CTRL, at)
    settle(qtbot, window)
    added = result_of(window, "farthest_point")
    assert added.edit is not None and added.edit.words == "1 removed, 1 added"
    nearest = np.linalg.norm(added.cloud.xyz - np.array(pick.xyz), axis=1).argmin()
    np.testing.assert_array_equal(added.sampling.points[-1], added.cloud.xyz[nearest])
    assert added.sampling.indices is not None and added.sampling.indices[-1] == nearest
    qtbot.mouseClick(window.grid.cells[place_of("farthest_point")].edited.back, LEFT)
    settle(qtbot, window)
    assert result_of(window, "farthest_point").sampling is before.found
    window.session.undo()
    settle(qtbot, window)
    assert result_of(window, "farthest_point").edit == added.edit


def test_escape_puts_a_sample_back(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "farthest_point", m=16)
    view, result = window.view, result_of(window, "farthest_point")
    steps = window.session.undo_text
    place = next(iter(seen_samples(view, result).values()))
    QTest.mousePress(view, LEFT, NONE, place)
    for shift in (10, 30):
        drawn = centers(view)
        QTest.mouseMove(view, place + QPoint(shift, 0))
        assert (centers(view) != drawn).any(axis=1).sum() == 1  # it follows at once during any work
        qtbot.wait(PACE_MS + 10)
    qtbot.waitUntil(lambda: result_of(window, "farthest_point").edit is not None, timeout=TIMEOUT)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, NONE, place)
    settle(qtbot, window)
    assert result_of(window, "farthest_point").sampling is result.found
    assert window.session.undo_text == steps


def test_samples_can_be_edited_in_the_single_view_too(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    result = window.session.result
    assert result is not None
    row, place = next(iter(seen_samples(window.view, result).items()))
    QTest.mouseMove(window.view, place)
    qtbot.waitUntil(lambda: window.view.cursor().shape() == Qt.CursorShape.OpenHandCursor, timeout=TIMEOUT)
    QTest.keyClick(window.view, Qt.Key.Key_Backspace)  # removes as Delete does
    settle(qtbot, window)
    after = window.session.result
    assert after is not None and after.found is result.found and after.sampling.m == 31
    assert row not in present(after.edit).numbers
    assert window.what_if.edits.text() == "Farthest point: 1 removed"
    with pytest.raises(AssertionError):
        np.testing.assert_array_equal(after.sampling.points, result.sampling.points[:31])

"""A cloud is cut by hand with y up, undone many times, saved, opened again, and restored whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from apsnet_gui.state import project_file as project
from apsnet_gui.views.box_handles import FACES
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_crop_box import UTM, XYZ, enter, place
from tests.gui.window.test_selecting import active, cloud_of, drag, trigger
from tests.narrow import present


def test_cuts_with_y_up_survive_undo_and_a_project_and_the_whole_cloud_is_restored(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = tmp_path / "block.ply"
    write(PointCloud(XYZ, offset=UTM), path)
    window = open_window(str(path))
    window.session.look(samples=False)
    window.session.stand(active(window).id, "y")
    window.session.edit(active(window).id, "Rename", name="My block")
    settle(qtbot, window)
    view, session, whole = window.view, window.session, active(window)
    source = cloud_of(window).xyz
    trigger(window, "crop")
    qtbot.waitUntil(lambda: window.crop.box is not None)
    for axis, side in FACES:
        before = present(window.crop.box)
        start, across = place(window, FACES.index((axis, side))), place(window, FACES.index((axis, -side)))
        end = round(start[0] + 0.2 * (across[0] - start[0])), round(start[1] + 0.2 * (across[1] - start[1]))
        drag(view, [start, end])
        after = present(window.crop.box)
        assert 0.6 < after.size[axis] / before.size[axis] < 0.95, (axis, side)
        kept = [np.array(box.centre) - side * box.size[axis] / 2 * box.axes[axis] for box in (before, after)]
        np.testing.assert_allclose(kept[0], kept[1], atol=1e-5, err_msg="the opposite face moved")
    enter(window, 5, "2.5")
    box = present(window.crop.box)
    assert box.up == "y" and box.size[2] == 2.5 and window.crop.held, "Enter only accepts the number"
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    away = np.abs((XYZ.astype(np.float64) + UTM - box.centre) @ box.axes.T)
    inside = (away <= np.array(box.size) / 2).all(axis=1)
    cut, mask = active(window), present(active(window).kept).mask(len(XYZ))
    assert 1000 < inside.sum() < 5000 and (mask != inside).sum() == 0

    trigger(window, "select-box")
    drag(view, [(view.width() // 2, 1), (view.width() - 2, view.height() - 2)])
    settle(qtbot, window)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(active(window).cuts) == 2)
    less = active(window)
    for _ in range(5):
        QTest.keyClick(view, Qt.Key.Key_Escape)
        session.undo()
        assert active(window) == cut
        session.undo()
        assert active(window) == whole
        session.redo()
        session.redo()
        assert active(window) == less
    settle(qtbot, window)
    saved = tmp_path / "p.apsnet"
    project.save(session, saved)

    session.replace_all(type(session.document)(), None, None)
    window.opening.open_paths([str(saved)])
    settle(qtbot, window)
    again = active(window)
    assert again == less and session.undo_text is None and not session.modified
    np.testing.assert_array_equal(cloud_of(window).xyz, source[present(less.kept).mask(len(XYZ))])
    trigger(window, "whole")
    qtbot.waitUntil(lambda: active(window).kept is None)
    settle(qtbot, window)
    assert (active(window).name, active(window).up, active(window).cuts) == ("My block", "y", ())
    np.testing.assert_array_equal(cloud_of(window).xyz, source)
    assert not window.actions_by_id["whole"].isEnabled()
    session.undo()
    assert active(window) == again

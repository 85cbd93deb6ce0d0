"""A scan is coloured, cropped, split into objects, sampled, compared, and exported with all its fields.

If ``APSNET_SCAN_WALK`` names a folder, the test saves the pictures of docs/guide/scans.md there.
"""

from __future__ import annotations

import os
from pathlib import Path

import laspy
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.objects import split_objects
from apsnet_core.files import write
from apsnet_core.types import Array
from apsnet_gui.views.box_handles import FACES, Handles
from apsnet_gui.window.objects_dialog import ObjectsDialog
from apsnet_gui.window.window import Window
from tests.core.editing.room import FLOOR, FURNITURE, WALL, overlap, room
from tests.gui.methods import spec
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, drag, trigger
from tests.narrow import of_kind, present

PICTURES = os.environ.get("APSNET_SCAN_WALK")
STEP = 1 if PICTURES else 3  # every third point is enough for the walk itself


def picture(window: Window, name: str) -> None:
    if PICTURES:
        window.toasts.clear()
        assert window.grab().save(str(Path(PICTURES) / f"scan-walk-{name}.png"))


def test_a_scan_is_split_into_objects_which_are_sampled_and_exported(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = room().truth[::STEP]
    kinds = np.select([truth == FLOOR, truth == WALL], [2, 6], 1).astype(np.uint8)
    light = (np.arange(len(truth)) % 4096).astype(np.uint16)
    whole = room().cloud[::STEP]
    fields: dict[str, Array] = {"classification": kinds, "intensity": light}
    write(PointCloud(whole.xyz, offset=whole.offset, attributes=fields), tmp_path / "room.las")
    window = open_window(str(tmp_path / "room.las"))
    window.session.look(samples=False)
    window.session.edit(active(window).id, "Change colouring", colouring="field:classification")
    settle(qtbot, window)
    bar = present(window.view.caption.bar)
    assert {"Ground", "Building"} <= {each.name for each in bar.classes}
    picture(window, "1-colour")

    trigger(window, "crop")
    qtbot.waitUntil(lambda: window.crop.box is not None)
    view = window.view

    def at(axis: int, side: int) -> tuple[int, int]:
        handles = Handles(present(window.crop.box), np.asarray(view.scene.offset), view.camera, view.logical)
        x, y = handles.seen(handles.places)[0][FACES.index((axis, side))].tolist()
        return round(x), round(y)

    (x, y), (to_x, to_y) = at(2, 1), at(2, -1)
    drag(view, [(x, y), (round(x + 0.4 * (to_x - x)), round(y + 0.4 * (to_y - y)))])
    settle(qtbot, window)
    picture(window, "2-crop")
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    cropped = active(window)

    window.session.look(samples=True)
    window.session.choose(by="objects", m=224)
    methods = (spec("farthest_point"), spec("apsnet:m"))
    window.session.line_up("Compare", methods=methods, shown=True)
    settle(qtbot, window)
    there = split_objects(of_kind(PointCloud, cropped.shape), cropped.up).count
    assert there >= len(FURNITURE) - 1  # table and sofa may be joined: few points need a wide gap
    for part in window.results.parts.values():
        sampling = present(part.result).sampling
        objects = present(sampling.parts)[present(sampling.indices)]
        assert sampling.m == 224
        np.testing.assert_array_equal(np.unique(objects), np.arange(there))
    picture(window, "4-compare")
    window.session.line_up("Back", shown=False)
    window.session.choose(by="whole")
    settle(qtbot, window)

    trigger(window, "split")
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(ObjectsDialog)))
    [dialog] = window.findChildren(ObjectsDialog)
    qtbot.waitUntil(lambda: dialog.is_drawn)
    if PICTURES:
        dialog.grab().save(str(Path(PICTURES) / "scan-walk-3-objects.png"))
    horse = [name for name, _, _ in FURNITURE].index("horse")
    own = np.flatnonzero(truth == horse)
    shares = [overlap(np.flatnonzero(present(e.kept).mask(len(truth))), own) for e in dialog.chosen]
    for row in range(dialog.list.count()):
        if row != int(np.argmax(shares)):
            dialog.list.item(row).setCheckState(Qt.CheckState.Unchecked)
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert max(shares) > 0.6 and active(window).up == cropped.up == "z"

    window.session.choose(m=32)
    methods = (spec("farthest_point"), spec("apsnet"))
    window.session.line_up("Compare", methods=methods, shown=True)
    settle(qtbot, window)
    results = [present(part.result) for part in window.results.parts.values()]
    assert [len(result.sampling.points) for result in results] == [32, 32]
    picture(window, "5-object")

    target = tmp_path / "horse.laz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    trigger(window, "export-cloud")
    qtbot.waitUntil(target.exists)
    settle(qtbot, window)
    kept = np.flatnonzero(present(active(window).kept).mask(len(truth)))
    las = laspy.read(target)
    np.testing.assert_array_equal(las.classification, kinds[kept])
    np.testing.assert_array_equal(las.intensity, light[kept])
    np.testing.assert_allclose(las.xyz, whole.absolute[kept], atol=2e-3)
    assert len(of_kind(PointCloud, active(window).shape)) == len(kept)

"""Numbers typed in the window are accepted unchanged, or refused with a reason; limits are explained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from tests.gui.methods import spec
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.narrow import present


def test_a_size_may_be_a_percentage_and_impossible_sizes_are_refused(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    box = window.sampling.size_box
    assert window.sampling.most.text() == "of 2\u202f048"
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "5000")
    with qtbot.waitSignal(box.refused):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.session.document.choice.m == 32
    for text in ("0%", "101 %", "ten%", "%"):
        box.selectAll()
        qtbot.keyClicks(box, text)
        with qtbot.waitSignal(box.refused) as refused:
            qtbot.keyClick(box, Qt.Key.Key_Return)
        assert "a share such as 10\u202f% " in present(refused.args)[0] + " " and box.number == 32
    for text, m in (("10%", 205), ("0.01 %", 1), ("25 %", 512), ("32", 32)):
        box.selectAll()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert window.session.document.choice.m == box.number == m, "as apsnet sample -n reads it"
    window.sampling.surface.setValue(3001)
    settle(qtbot, window)
    assert len(present(window.session.result).cloud) == 3001


def test_a_size_beyond_the_training_of_apsnet_gets_a_note(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("apsnet"), m=256)
    settle(qtbot, window)
    assert "was trained for up to 128 points" in window.sampling.result.notes.text()
    assert window.sampling.result.notes.isVisibleTo(window)
    window.session.choose(spec=spec("apsnet:m"))
    settle(qtbot, window)
    assert not window.sampling.result.notes.isVisibleTo(window)


def test_one_point_and_equal_points_are_seen_and_get_no_class(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    for name, count in (("one", 1), ("same", 50)):
        file = tmp_path / f"{name}.ply"
        write(PointCloud.from_array(np.full((count, 3), 7.0)), file)
        window = open_window(str(file))
        window.session.choose(m=1)
        settle(qtbot, window)
        assert present(window.session.answer).rows == ()
        assert "the same" in present(window.session.answer).whole
        image = present(window.view.frame).image
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3]
        background = np.array(window.view.scene.background_rgb)[::-1]
        assert (np.abs(pixels.astype(int) - background).max(axis=2) > 40).sum() > 20
        window.session.saved_as(None)
        window.close()

"""Numbers that a person types or reads in the window are taken as they are, or refused, and explained."""

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


def test_more_points_than_there_are_is_refused_and_the_most_stands_beside(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    box = window.sampling.size_box
    assert window.sampling.most.text() == "of 2\u2009048"
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "5000")
    with qtbot.waitSignal(box.refused):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.session.document.choice.m == 32
    window.sampling.surface.setValue(3001)
    settle(qtbot, window)
    assert len(present(window.session.result).cloud) == 3001


def test_beyond_the_sizes_of_its_training_apsnet_says_so(qtbot: QtBot, open_window: OpenWindow) -> None:
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

"""The user's own datasets instead of the bundled one: with other classes, and with broken files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from tests.gui.window.conftest import TIMEOUT
from tests.narrow import present

from .conftest import Browse, stepped


def write_dataset(folder: Path, each: int) -> Path:
    """Write ``each`` balls and ``each`` boxes, with one folder for each class."""
    rng = np.random.default_rng(0)
    for name, power in (("ball", 2), ("box", np.inf)):
        for i in range(each):
            xyz = rng.normal(size=(64, 3))
            xyz /= np.linalg.norm(xyz, power, axis=1, keepdims=True)
            write(PointCloud.from_array(xyz), folder / name / f"{name}{i}.ply")
    return folder


def test_another_dataset_clears_the_filter_and_the_evaluation(
    browse: Browse, qtbot: QtBot, tmp_path: Path
) -> None:
    window = browse("random,farthest_point")
    panel, evaluating = window.dataset.panel, window.dataset.evaluating
    window.dataset.evaluation.sizes.setCurrentIndex(0)
    window.dataset.evaluation.start.click()
    qtbot.waitUntil(lambda: evaluating.table is not None, timeout=TIMEOUT)
    panel.filter.label.setCurrentIndex(panel.filter.label.findData("chair"))
    panel.filter.label.activated.emit(0)
    panel.filter.disagree.setChecked(True)
    window.opening.open_paths([str(write_dataset(tmp_path / "mine", 4))])
    qtbot.waitUntil(
        lambda: present(window.dataset.current_dataset.collection).data.name == "mine", timeout=TIMEOUT
    )
    stepped(qtbot, window)
    shapes = panel.list.shapes
    assert shapes.collection is window.dataset.current_dataset.collection
    assert len(shapes.shown) == 8 and not panel.filter.disagree.isChecked()
    assert evaluating.table is None and panel.filter.label.currentData() == ""


def test_a_broken_file_is_skipped_counted_and_listed(browse: Browse, qtbot: QtBot, tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "mine", 5)
    for name in ("first", "second"):
        (folder / "ball" / f"{name}.ply").write_text("ply\nno header\n")
    window = browse()
    window.opening.open_paths([str(folder)])
    qtbot.waitUntil(
        lambda: present(window.dataset.current_dataset.collection).data.name == "mine", timeout=TIMEOUT
    )
    stepped(qtbot, window)
    panel = window.dataset.panel
    assert len(panel.list.shapes.shown) == 10
    assert panel.left_out.isVisible() and panel.left_out.text() == "2 files left out, 1 remark…"
    [said] = [text for level, text in window.toasts.messages if level == "warning"]
    assert said.startswith("mine: left out: ") and "the Dataset panel lists all: 2 files left out" in said
    panel.left_out.click()
    dialog = present(window.findChild(QDialog, "leftOut"))
    lines = present(dialog.findChild(QPlainTextEdit)).toPlainText().splitlines()
    assert ["first.ply" in lines[0], "second.ply" in lines[1], len(lines)] == [True, True, 3]
    dialog.reject()
    window.start_page.furniture.click()
    stepped(qtbot, window)
    assert not panel.left_out.isVisible()

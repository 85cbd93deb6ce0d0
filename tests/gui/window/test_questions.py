"""Dialogs that ask the user, cancelling of long work, and access by keyboard."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QDialogButtonBox
from pytestqt.qtbot import QtBot

from apsnet_gui.widgets.number_box import NumberBox
from tests.narrow import present

from .conftest import CHAIR, TIMEOUT, OpenWindow, names, settle


def stored(path: Path) -> np.ndarray:
    """Write a file of two datasets, one of them of five clouds; return these clouds."""
    clouds = np.random.default_rng(0).random((5, 100, 3), np.float32)
    with h5py.File(path, "w") as file:
        file["clouds"] = clouds
        file["other"] = clouds[0, :40]
    return clouds


def answer(row: int, button: QDialogButtonBox.StandardButton, seen: list[str]) -> None:
    """Once the dialog is open, choose the dataset of five clouds and a row of it, and press a button."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            QTimer.singleShot(20, act)
            return
        [datasets], [rows] = dialog.findChildren(QComboBox), dialog.findChildren(NumberBox)
        seen.extend(datasets.itemText(i) for i in range(datasets.count()))
        datasets.setCurrentIndex(next(i for i, text in enumerate(seen) if text.startswith("clouds")))
        rows.setValue(row)
        present(dialog.findChild(QDialogButtonBox)).button(button).click()

    QTimer.singleShot(0, act)


def test_a_file_of_many_clouds_asks_which(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    clouds = stored(tmp_path / "many.h5")
    window = open_window()
    seen: list[str] = []
    answer(3, QDialogButtonBox.StandardButton.Open, seen)
    window.opening.open_paths([str(tmp_path / "many.h5")])
    qtbot.waitUntil(lambda: window.session.document.active is not None, timeout=TIMEOUT)
    settle(qtbot, window)
    assert len(seen) == 2
    assert any("5 × 100 points" in text for text in seen)
    entry = present(window.session.document.active)
    assert (entry.dataset, entry.row, entry.name) == ("clouds", 3, "many · 3")
    assert entry.shape is not None
    np.testing.assert_array_equal(entry.shape.absolute, clouds[3])


def test_a_question_can_be_declined(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    stored(tmp_path / "many.h5")
    window = open_window()
    seen: list[str] = []
    answer(0, QDialogButtonBox.StandardButton.Cancel, seen)
    window.opening.open_paths([str(tmp_path / "many.h5")])
    qtbot.waitUntil(lambda: bool(seen), timeout=TIMEOUT)
    settle(qtbot, window)
    assert window.session.document.entries == ()


def test_cancel_stops_a_sampling_but_no_drawing(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.background.hold()
    window.session.choose(m=33)
    qtbot.waitUntil(lambda: any(job.title.startswith("Sampling") for job in window.background.jobs))
    window.session.look(axes=False)
    window.status.stop.click()
    window.background.release()
    settle(qtbot, window)
    assert not window.view.scene.show_axes
    assert not window.session.busy
    assert "you have cancelled it" in window.messages.all[-1].text
    window.commands.sampling.sample_again()
    settle(qtbot, window)
    assert present(window.session.result).sampling.m == 33


def test_the_status_bar_cancels_a_long_read(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    big = tmp_path / "big.xyz"
    big.write_bytes(b"1.25 2.5 3.75\n" * 4_000_000)
    window = open_window()
    window.opening.open_paths([str(big)])
    qtbot.waitUntil(lambda: window.status.stop.isVisible(), timeout=TIMEOUT)
    assert "big.xyz" in window.status.task.text()
    qtbot.mouseClick(window.status.stop, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert names(window) == []
    assert not window.status.stop.isVisible()
    assert not [text for level, text in window.toasts.messages if level == "error"]
    small = tmp_path / "small.xyz"
    np.savetxt(small, np.random.default_rng(0).random((50, 3)))
    window.opening.open_paths([str(small)])
    settle(qtbot, window)
    assert names(window) == ["small"]


def test_every_control_can_be_reached_by_keyboard(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.sampling.method.setFocus()
    reached = set()
    for _ in range(200):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    panels = (window.sampling, window.clouds, window.attention)
    controls = [
        widget
        for panel in panels
        for widget in vars(panel).values()
        if hasattr(widget, "focusPolicy")
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
    ]
    assert len(controls) > 12
    assert [widget.accessibleName() for widget in controls if widget not in reached] == []
    assert window.view in reached
    window.view.setFocus()
    before = window.view.camera
    qtbot.keyClick(window.view, Qt.Key.Key_Left)
    assert window.view.camera != before

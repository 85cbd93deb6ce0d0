"""The window shows how it guessed columns; a correction also applies to later files of the same layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from apsnet_gui.window.columns_dialog import ColumnsDialog
from tests.narrow import present

from .conftest import TIMEOUT, OpenWindow, settle

XYZ = np.random.default_rng(0).normal(size=(50, 3)).round(3)


def _write(path: Path) -> Path:
    np.savetxt(path, np.column_stack([np.arange(50), XYZ]), fmt="%.3f")
    return path


def answer(choices: list[str], seen: list[ColumnsDialog]) -> None:
    """Once the dialog is open, choose the meaning of each column and press OK."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ColumnsDialog):
            QTimer.singleShot(20, act)
            return
        seen.append(dialog)
        for choice, text in zip(dialog.choices, choices, strict=True):
            choice.setCurrentText(text)
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()

    QTimer.singleShot(0, act)


def test_columns_are_chosen_and_remembered(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    window.opening.open_paths([str(_write(tmp_path / "a.txt"))])
    qtbot.waitUntil(lambda: window.session.document.active is not None, timeout=TIMEOUT)
    settle(qtbot, window)
    assert "Columns guessed: x, y, z, column_4" in window.clouds.facts.remarks.text()
    first = present(window.session.document.active)
    seen: list[ColumnsDialog] = []
    answer(["left out", "x", "y", "z"], seen)
    window.opening.choose_columns()
    qtbot.waitUntil(lambda: present(window.session.document.active).id != first.id, timeout=TIMEOUT)
    settle(qtbot, window)
    [entry] = window.session.document.entries
    np.testing.assert_allclose(entry.shape.absolute, XYZ, atol=1e-6)
    assert entry.columns == "-,x,y,z" and "guessed" not in window.clouds.facts.remarks.text()
    window.opening.open_paths([str(_write(tmp_path / "b.txt"))])
    qtbot.waitUntil(lambda: len(window.session.document.entries) == 2, timeout=TIMEOUT)
    np.testing.assert_allclose(present(window.session.document.active).shape.absolute, XYZ, atol=1e-6)
    assert window.settings.columns() == {seen[0].layout_key: "-,x,y,z"}


def test_a_missing_or_repeated_coordinate_is_not_accepted(qtbot: QtBot, tmp_path: Path) -> None:
    from apsnet_core import files

    first = files.preview(_write(tmp_path / "a.txt"))
    assert first is not None and len(first.rows) == 12
    dialog = ColumnsDialog(None, "a.txt", first, dict(enumerate(["x", "y", "z", "column_4"], 1)))
    qtbot.addWidget(dialog)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert ok.isEnabled() and dialog.columns == "x,y,z,column_4"
    assert present(dialog.table.item(3, 1)).text() == f"{XYZ[2, 0]:.3f}"
    dialog.choices[0].setCurrentText("left out")
    assert not ok.isEnabled() and dialog.hint.text().startswith("x must be")
    dialog.choices[3].setCurrentText("y")
    assert not ok.isEnabled() and "twice" in dialog.hint.text()
    dialog.choices[3].setCurrentText("x")
    assert ok.isEnabled() and dialog.columns == "-,y,z,x"

"""No file is overwritten without a question, whatever name is typed into Qt's own dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from apsnet_gui.widgets.save_dialog import ask_target
from tests.narrow import present


def test_files_with_an_added_suffix_and_companion_files_are_asked_about(qtbot: QtBot, tmp_path: Path) -> None:
    host, asked = QWidget(), list[str]()
    qtbot.addWidget(host)

    def answer() -> None:
        """Type a name without a suffix; deny the first question, and agree to the second."""
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QMessageBox):
            asked.append(dialog.text())
            button = QMessageBox.StandardButton
            dialog.button(button.Yes if len(asked) % 2 == 0 else button.No).click()
        elif isinstance(dialog, QFileDialog):
            present(dialog.findChild(QLineEdit)).setText(str(tmp_path / "film"))
            dialog.accept()

    def beside(target: Path) -> list[Path]:
        return [target, target.with_suffix(".md")]

    timer = QTimer(host, interval=5)
    timer.timeout.connect(answer)
    timer.start()
    film = tmp_path / "film.gif"
    assert ask_target(host, "Save", tmp_path / "steps.gif", "GIF (*.gif);;All (*)") == film
    assert not asked
    film.touch()
    assert ask_target(host, "Save", tmp_path / "steps.gif", "GIF (*.gif);;All (*)") == film
    assert asked == ["film.gif is there already. Replace it?"] * 2
    film.with_suffix(".md").touch()
    assert ask_target(host, "Save", tmp_path / "steps.gif", "GIF (*.gif);;All (*)", beside) == film
    assert asked[2:] == ["film.gif and 1 more of these files are there already. Replace them?"] * 2

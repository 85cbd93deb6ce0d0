"""The plug-in files of the settings: added, removed, and what was left out is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from apsnet_core import plugins
from apsnet_gui.state.settings import Settings
from apsnet_gui.window.plugins_dialog import PluginsDialog


def test_files_are_added_removed_and_remembered(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "troubles", lambda: ["the plug-in x.py was left out: it is ill"])
    host = QWidget()
    qtbot.addWidget(host)
    dialog = PluginsDialog(host, Settings(tmp_path))
    assert "x.py was left out" in dialog.troubles.text()
    for name in ("a.py", "b.py", "a.py"):
        dialog.add(name)
    assert Settings(tmp_path).plugins() == ["a.py", "b.py"]
    dialog.files.setCurrentRow(0)
    [remove] = [button for button in dialog.findChildren(QPushButton) if button.text() == "Remove"]
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert Settings(tmp_path).plugins() == ["b.py"]
    again = PluginsDialog(host, Settings(tmp_path))
    assert [again.files.item(i).text() for i in range(again.files.count())] == ["b.py"]

"""Lists in the settings that two programs share: plug-in files, with their dialog, and recent files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from apsnet_core import plugins
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.window.plugins_dialog import PluginsDialog


def test_files_are_added_removed_and_remembered(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    Settings(tmp_path).add_plugin("d.py")
    again = PluginsDialog(host, Settings(tmp_path))
    again.show()
    first, second = (again.files.visualItemRect(again.files.item(i)) for i in range(2))
    assert second.top() > first.bottom(), "rows must not overlap"
    Settings(tmp_path).remove_plugin("d.py")
    again = PluginsDialog(host, Settings(tmp_path))
    assert [again.files.item(i).text() for i in range(again.files.count())] == ["b.py"]
    again.add("c.py")
    [remove] = [button for button in again.findChildren(QPushButton) if button.text() == "Remove"]
    for chosen in ("c.py", "b.py"):
        assert [item.text() for item in again.files.selectedItems()] == [chosen]
        remove.click()
    assert not remove.isEnabled() and not Settings(tmp_path).plugins()


def test_two_programs_lose_nothing_of_each_others_lists(qtbot: QtBot, tmp_path: Path) -> None:
    host, settings, ini = QWidget(), Settings(tmp_path), tmp_path / "settings.ini"
    qtbot.addWidget(host)
    settings.add_recent("/a.ply")
    dialog = PluginsDialog(host, settings)
    dialog.add("a.py")
    assert "recent=/a.ply" in ini.read_text() and "plugins=a.py" in ini.read_text()

    ini.write_text("[General]\nplugins=a.py, other.py\nrecent=/other.ply, /a.ply\ntheme=dark\n")
    settings.add_recent("/b.ply")
    dialog.add("b.py")
    lines = ini.read_text().splitlines()
    assert "recent=/b.ply, /other.ply, /a.ply" in lines and "theme=dark" in lines
    assert "plugins=a.py, other.py, b.py" in lines
    assert [dialog.files.item(i).text() for i in range(dialog.files.count())] == ["a.py", "other.py", "b.py"]
    ini.write_text("[General]\nplugins=a.py, other.py, b.py, third.py\n")
    dialog.files.setCurrentRow(1)
    [remove] = [button for button in dialog.findChildren(QPushButton) if button.text() == "Remove"]
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert "plugins=a.py, b.py, third.py" in ini.read_text().splitlines()

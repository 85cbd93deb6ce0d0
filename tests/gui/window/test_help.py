"""Help: actions are found by synonyms and despite typing errors; shortcuts, menus, clipboard and guide."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from apsnet_gui.window.actions import all_actions
from apsnet_gui.window.command_palette import CommandPalette, ranked
from apsnet_gui.window.commands import program
from apsnet_gui.window.help import ShortcutsDialog, TextDialog
from tests.narrow import present

from .conftest import CHAIR, OpenWindow, settle


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("color", "colour-auto"),
        ("center", "fit"),
        ("remove", "close"),
        ("delete", "close"),
        ("orthographic", "view.projection"),
        ("screenshot", "screenshot"),
        ("shortcut", "shortcuts"),
        ("fullscreen", "full-screen"),
        ("clr heigt", "colour-height"),
        ("exprot", "export"),
        ("save project", "save"),
        ("undo", "undo"),
    ],
)
def test_an_action_is_found_by_synonyms_and_despite_typing_errors(typed: str, id: str) -> None:
    assert id in [action.id for action in ranked(all_actions(), typed)[:4]]


def test_the_palette_says_when_no_action_matches(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.show_palette()
    [palette] = window.findChildren(CommandPalette)
    rows = palette.list
    assert rows.count() == len(window.all_actions)
    qtbot.waitUntil(lambda: all(rows.itemWidget(rows.item(i)) is not None for i in range(rows.count())))
    palette.search.setText("xylophone")
    assert palette.list.count() == 1
    assert "No action matches “xylophone”" in palette.list.item(0).text()
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)  # runs nothing
    palette.close()


def test_shortcuts_can_be_searched(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.actions_by_id["shortcuts"].trigger()
    [dialog] = window.findChildren(ShortcutsDialog)
    dialog.search.setText("sample drag")
    table = dialog.table
    shown = [
        present(table.item(row, 0)).text() for row in range(table.rowCount()) if not table.isRowHidden(row)
    ]
    assert shown == ["Drag a sample elsewhere"]
    dialog.close()


def test_a_right_click_opens_a_menu_and_a_right_drag_moves_the_camera(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    view, before = window.view, window.view.camera
    at = view.rect().center()
    qtbot.mousePress(view, Qt.MouseButton.RightButton, pos=at)
    qtbot.mouseMove(view, at + QPoint(40, 10))
    qtbot.mouseRelease(view, Qt.MouseButton.RightButton, pos=at + QPoint(40, 10))
    assert view.camera != before
    assert not [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=at)
    [menu] = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    assert window.actions_by_id["copy"] in menu.actions()
    menu.close()


def test_the_samples_and_the_picture_go_to_the_clipboard(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.actions_by_id["copy-samples"].trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 32
    found = [float(number) for number in lines[4].split("\t")]
    assert found == pytest.approx(present(window.session.result).sampling.absolute[4].tolist(), abs=1e-3)
    window.actions_by_id["copy"].trigger()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull())
    size, image = window.view.size() * window.view.devicePixelRatioF(), QGuiApplication.clipboard().image()
    assert abs(image.width() - size.width()) <= 1 and abs(image.height() - size.height()) <= 1  # rounded


def test_a_report_of_a_problem_has_the_versions(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "information", lambda *_: None)
    window = open_window()
    window.actions_by_id["report-problem"].trigger()
    text = QGuiApplication.clipboard().text()
    assert "torch " in text and "processors" in text and "### Log" in text


def test_the_central_area_is_lit_while_a_file_is_dragged_over_it(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(CHAIR)])
    at, copy, left = QPointF(200, 200).toPoint(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dragEnterEvent(QDragEnterEvent(at, copy, data, left, Qt.KeyboardModifier.NoModifier))
    assert window.central.is_lit
    window.dragLeaveEvent(QDragLeaveEvent())
    assert not window.central.is_lit
    settle(qtbot, window)


def test_the_program_s_name_stays_in_the_title(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    assert window.windowTitle() == "[*]APSNet Studio"


def test_the_guide_opens_the_built_site_or_otherwise_its_text(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return len(opened) == 1  # from the second call on there is no browser

    window = open_window()
    monkeypatch.setattr(QDesktopServices, "openUrl", browse)
    page = tmp_path / "index.html"
    monkeypatch.setattr(program, "site", lambda: page)
    window.actions_by_id["guide"].trigger()
    assert opened == [str(page)] and not window.findChildren(TextDialog)
    window.actions_by_id["guide"].trigger()
    monkeypatch.setattr(program, "site", lambda: None)
    window.actions_by_id["guide"].trigger()
    assert len(opened) == 2
    for dialog in window.findChildren(TextDialog):
        assert "opens a mesh or a point cloud" in dialog.browser.toPlainText()
        dialog.close()
    assert len(window.findChildren(TextDialog)) == 2

"""Actions, palette, theme, layout, start page, messages and screenshots of the window."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QSlider,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files.formats import formats
from apsnet_gui.start import run
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import Loaded, new_entry
from apsnet_gui.style.theme import DARK, LIGHT, Theme, ThemeColours
from apsnet_gui.window.actions import all_actions
from apsnet_gui.window.command_palette import CommandPalette, ranked
from apsnet_gui.window.commands.file_names import open_filters
from tests.gui.pictures import contrast, pixels

from .conftest import CHAIR, TIMEOUT, OpenWindow, settle


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_text_contrasts_with_its_background(colours: ThemeColours) -> None:
    for ground in (colours.panel, colours.field, colours.raised):
        assert contrast(colours.text, ground) >= 7
    assert contrast(colours.faint, colours.panel) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    for tint in (colours.danger, colours.warning, colours.accent):
        assert contrast(tint, colours.raised) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_icons_can_be_seen_in_both_themes(qtbot: QtBot, theme: Theme, mode: str) -> None:
    theme.set_mode(mode)
    try:
        for action in all_actions():
            if action.icon:
                image = theme.icon(action.icon).pixmap(32, 32).toImage()
                inked = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
                inked = [colour for colour in inked if colour.alpha() > 200]
                assert inked, action.icon
                assert contrast(inked[0].name(), theme.colours.panel) >= 4.5, action.icon
    finally:
        theme.set_mode("dark")


def test_no_shortcut_and_no_action_id_is_used_twice() -> None:
    shortcuts = Counter(action.shortcut for action in all_actions() if action.shortcut)
    assert [shortcut for shortcut, times in shortcuts.items() if times > 1] == []
    ids = Counter(action.id for action in all_actions())
    assert max(ids.values()) == 1


def test_the_palette_finds_and_runs_actions(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    assert ranked(all_actions(), "next seed")[0].id == "seed"
    assert ranked(all_actions(), "ctrl+d")[0].id == "seed"
    assert ranked(all_actions(), "larger font")[0].id.startswith("text-")
    assert ranked(all_actions(), "no such thing") == []
    window.show_palette()
    [palette] = window.findChildren(CommandPalette)
    qtbot.keyClicks(palette.search, "next seed")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert window.session.document.choice.seed == 1


def test_every_control_has_a_name_for_screen_readers(open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    nameless = []
    for dock in window.docks:
        for widget in dock.findChildren(QWidget):
            if isinstance(widget, QComboBox | QSlider):
                named = widget.accessibleName()
            elif isinstance(widget, QAbstractButton):
                named = widget.accessibleName() or widget.text()
            else:
                continue
            if not named and not widget.objectName().startswith("qt_"):
                nameless.append((dock.windowTitle(), type(widget).__name__, widget.toolTip()))
    assert nameless == []
    tabs = window.findChildren(QTabBar)
    assert tabs
    assert all(bar.accessibleName() for bar in tabs)


@pytest.mark.parametrize("scale", [100, 125, 150])
def test_no_text_is_cut(qtbot: QtBot, open_window: OpenWindow, theme: Theme, scale: int) -> None:
    theme.set_scale(scale)
    try:
        window = open_window(CHAIR)
        window.resize(1280, 900)
        settle(qtbot, window)
        cut: list[tuple[object, ...]] = []
        for dock in window.docks:
            for widget in dock.findChildren(QWidget):
                if not widget.isVisible() or widget.visibleRegion().isEmpty():
                    continue
                if isinstance(widget, QLineEdit):
                    if widget.contentsRect().width() < widget.fontMetrics().horizontalAdvance(widget.text()):
                        cut.append((dock.windowTitle(), widget.text(), widget.size(), None))
                    continue
                if isinstance(widget, QLabel | QAbstractButton | QComboBox):
                    wanted = widget.minimumSizeHint()
                    wraps = isinstance(widget, QLabel) and widget.wordWrap()
                    if (
                        widget.width() < wanted.width() and not wraps
                    ) or widget.height() < wanted.height() - 1:
                        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
                        cut.append((dock.windowTitle(), text, widget.size(), wanted))
        assert cut == []
    finally:
        theme.set_scale(100)


def test_a_closed_dock_stays_closed_until_the_layout_is_reset(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.docks["Clouds"].close()
    window.close()
    again = open_window()
    assert not again.docks["Clouds"].isVisible()
    again.docks.reset()
    assert again.docks["Clouds"].isVisible()


def test_the_dialog_has_a_filter_for_every_format() -> None:
    filters = open_filters().split(";;")
    for format in formats():
        patterns = " ".join(f"*{suffix}" for suffix in format.suffixes)
        assert f"{format.title} ({patterns})" in filters
        assert patterns in filters[0]


def test_the_start_page_shows_drawn_thumbnails(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    card = next(c for c in window.start_page.cards.values() if c.text() == "Chair")
    qtbot.waitUntil(
        lambda: np.ptp(pixels(card.icon().pixmap(128, 104).toImage()).astype(int)) > 40, timeout=60_000
    )
    card.click()
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == ["chair"]
    assert Path(window.settings.recent()[0]).name == "chair.obj"


def test_an_unexpected_error_gives_a_message_and_a_log_entry(
    qtbot: QtBot, open_window: OpenWindow, home: Path
) -> None:
    from apsnet_gui.start.crash_report import CrashReport

    window = open_window()
    report = CrashReport(home)
    report.happened.connect(window.messages.fail)
    try:
        raise RuntimeError("the sky fell")
    except RuntimeError as why:
        sys.excepthook(type(why), why, why.__traceback__)
    qtbot.waitUntil(lambda: any("the sky fell" in text for _, text in window.toasts.messages))
    report.close()
    assert "the sky fell" in report.file.read_text()
    assert "Traceback" in report.file.read_text()


def screenshot(tmp_path: Path, *arguments: str) -> tuple[int, str, QImage]:
    """`apsnet-gui ... --screenshot` as a user without a display runs it."""
    out = tmp_path / "shot.png"
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "apsnet_gui.app", *arguments, "--screenshot", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    return done.returncode, done.stderr, QImage(str(out))


def test_a_screenshot_without_a_display_shows_the_samples(qtbot: QtBot, tmp_path: Path, home: Path) -> None:
    status, said, image = screenshot(tmp_path, CHAIR, "-m", "farthest_point", "-n", "48", "--theme", "light")
    assert (status, said) == (0, "")
    rgb = pixels(image).astype(int)
    middle = rgb[80:600, 300:1000]
    blue = (middle[..., 2] > 120) & (middle[..., 0] < 60)
    assert blue.sum() > 48 * 30
    assert (middle.min(axis=-1) > 240).mean() > 0.5  # light background
    assert list(home.glob("settings.ini")) == []


def test_a_screenshot_of_a_broken_file_says_why_and_fails(qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ply"
    broken.write_bytes(b"ply\nformat nonsense")
    status, said, image = screenshot(tmp_path, str(broken))
    assert status == 1
    assert "broken.ply" in said
    assert "Traceback" not in said
    assert not image.isNull()


def test_stacked_messages_are_not_cut_at_any_text_size(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    long = "broken.ply: the header announces three points and none of them follows, so that nothing is open"
    for number in range(3):
        window.messages.fail(f"{number} {long}")
    for scale in (100, 125):
        window.theme.set_scale(scale)
        qtbot.waitUntil(
            lambda: all(
                label.height() >= label.heightForWidth(label.width())
                and toast.height() >= toast.minimumSizeHint().height()
                for toast in window.toasts.findChildren(QFrame, "toast")
                for label in toast.findChildren(QLabel)
                if label.wordWrap()
            )
        )
    window.theme.set_scale(100)


@pytest.mark.parametrize("compared", [False, True])
def test_a_message_covers_the_picture_but_no_panel(
    qtbot: QtBot, open_window: OpenWindow, compared: bool
) -> None:
    window = open_window(CHAIR)
    window.session.line_up("Compare", shown=compared)
    window.messages.fail("one.ply: it is empty")
    window.resize(1280, 800)
    settle(qtbot, window)

    def stands_there() -> bool:
        message = window.toasts.geometry()
        covered = [dock for dock in window.docks if dock.isVisible() and dock.geometry().intersects(message)]
        return window.toasts.isVisible() and window.central.geometry().contains(message) and not covered

    qtbot.waitUntil(stands_there)


def test_the_colours_follow_the_system_while_the_program_runs(
    qapp: QApplication, qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system is simulated: the offscreen platform has no colour scheme to switch."""
    played = [Qt.ColorScheme.Light]
    hints = SimpleNamespace(styleHints=lambda: SimpleNamespace(colorScheme=lambda: played[0]))
    monkeypatch.setattr("apsnet_gui.style.theme.QGuiApplication", hints)
    theme.set_mode("system")
    try:
        for played[0], colours in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
            qapp.styleHints().colorSchemeChanged.emit(played[0])
            qtbot.waitUntil(lambda: theme.is_settled, timeout=TIMEOUT)
            assert qapp.palette().window().color() == QColor(colours.panel)
    finally:
        theme.set_mode("dark")


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_the_tab_key_visits_visible_controls_and_no_hidden_one(
    qtbot: QtBot, open_window: OpenWindow, key: Qt.Key
) -> None:
    window = open_window(CHAIR)
    window.activateWindow()
    window.view.setFocus()
    met: list[QWidget] = []
    while (focused := QApplication.focusWidget()) not in met:
        assert focused is not None
        met.append(focused)
        qtbot.keyClick(focused, key)
    assert not [widget.accessibleName() for widget in met if widget.visibleRegion().isEmpty()]
    sampling = window.sampling
    expected = {window.view, window.clouds.table, sampling.method, sampling.result.export}
    assert {*expected, window.attention.play} <= {*met}


def test_a_screenshot_that_times_out_names_the_unfinished_work(
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    window, left = open_window(), Event()
    window.background.start("Counting points", lambda _: left.wait(60))
    ended: list[int] = []
    monkeypatch.setattr(QApplication, "exit", ended.append)
    monkeypatch.setattr(run, "GIVE_UP_SECONDS", -1)
    shot = run.Screenshot(window, tmp_path / "shot.png")
    with monkeypatch.context() as now:
        now.setattr(window, "close", lambda: True)
        shot.look()
    left.set()
    assert ended == [1]
    assert "still at work: Counting points); the picture shows what there was" in capsys.readouterr().err
    assert not QImage(str(tmp_path / "shot.png")).isNull()


def test_a_screenshot_waits_longer_for_a_large_cloud() -> None:
    scan = PointCloud(np.zeros((2_000_000, 3), np.float32))
    entry = new_entry(Loaded.measured(scan), "scan.npy")
    assert run.patience(Document()) == run.GIVE_UP_SECONDS
    assert run.patience(Document((entry,))) == run.GIVE_UP_SECONDS + 2 * run.MORE_PER_MILLION

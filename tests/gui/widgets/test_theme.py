"""A change of the theme or the text size reaches visible widgets first, and hidden ones soon after."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from apsnet_gui.style import stepping
from apsnet_gui.style.theme import DARK, LIGHT, Theme, fixed
from apsnet_gui.widgets.form_rows import heading


class Told(QLabel):
    """A label that records its text and colour at each change of style."""

    def __init__(self, text: str, told: list[tuple[str, str]]) -> None:
        super().__init__(text)
        self._told = told

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._told.append((self.text(), self.palette().color(self.foregroundRole()).name()))
        super().changeEvent(event)


class Pages(QStackedWidget):
    """A visible label, and behind it a page of many kinds of widgets that was visible before."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        qtbot.addWidget(self)
        self.told: list[tuple[str, str]] = []
        self.seen, self.behind = Told("seen", self.told), QWidget()
        column = QVBoxLayout(self.behind)
        tabs, choice = QTabWidget(), QComboBox()
        choice.addItems(["one", "another of them"])
        tabs.addTab(QPushButton("Press"), "The first")
        tabs.addTab(QLabel("faint"), "The second")
        for widget in (heading("Heading"), choice, Told("behind", self.told), tabs):
            column.addWidget(widget)
        self.addWidget(self.seen)
        self.addWidget(self.behind)
        with qtbot.waitExposed(self):
            self.show()
        self.setCurrentWidget(self.behind)
        QApplication.processEvents()
        self.setCurrentWidget(self.seen)

    def looks(self) -> list[tuple[object, ...]]:
        """The visible properties of each widget on the page behind."""
        kinds = QLabel, QComboBox, QPushButton
        there = [self.behind, *(each for kind in kinds for each in self.behind.findChildren(kind))]
        return [
            (
                each.font().toString(),
                each.palette().color(each.foregroundRole()).name(),
                each.palette().color(each.backgroundRole()).name(),
                each.sizeHint().toTuple(),
            )
            for each in there
        ]


@pytest.fixture
def dark(qtbot: QtBot, theme: Theme) -> Iterator[Theme]:
    mode, scale = theme.mode, theme.scale
    theme.set_mode("dark")
    qtbot.waitUntil(lambda: theme.is_settled)
    yield theme
    theme.set_mode(mode)
    theme.set_scale(scale)
    qtbot.waitUntil(lambda: theme.is_settled)


def test_a_change_of_the_theme_reaches_visible_widgets_first(qtbot: QtBot, dark: Theme) -> None:
    pages = Pages(qtbot)
    pages.told.clear()
    dark.set_mode("light")
    assert not pages.told, "restyling all widgets at once would block the window"
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.told == [("seen", LIGHT.text), ("behind", LIGHT.text)]
    wanted = Pages(qtbot)
    qtbot.waitUntil(lambda: pages.looks() == wanted.looks())
    qtbot.waitUntil(lambda: pages.behind.grab().toImage() == wanted.behind.grab().toImage())


def test_a_change_of_the_text_size_scales_fonts_without_restyling(qtbot: QtBot, dark: Theme) -> None:
    pages = Pages(qtbot)
    pages.seen.setFont(fixed())
    size = pages.seen.font().pointSizeF()
    pages.told.clear()
    dark.set_scale(125)
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.seen.font().pointSizeF() == 1.25 * size
    assert not pages.told, "restyling all widgets would block the window, and their style is unchanged"
    wanted = Pages(qtbot).looks()
    qtbot.waitUntil(lambda: pages.looks() == wanted)


def test_painting_is_never_switched_off(qtbot: QtBot, dark: Theme) -> None:
    """Under X11, a window that is not painted while a popup such as the palette closes stays unpainted."""
    pages = Pages(qtbot)
    for change in partial(dark.set_scale, 125), partial(dark.set_mode, "light"):
        change()
        assert pages.updatesEnabled()
        while not dark.is_settled:
            QApplication.processEvents()
            assert pages.updatesEnabled()


def test_a_change_that_replaces_an_unfinished_one_reaches_all_widgets(qtbot: QtBot, dark: Theme) -> None:
    pages = Pages(qtbot)
    before = pages.looks()
    dark.set_mode("light")
    dark.set_scale(125)
    qtbot.waitUntil(lambda: dark.is_settled)
    assert QApplication.palette().window().color().name() == LIGHT.panel
    assert pages.looks() == Pages(qtbot).looks() != before
    dark.set_mode("dark")
    dark.set_mode("light")
    dark.set_mode("dark")
    dark.set_scale(100)
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.told[-1] == ("behind", DARK.text) and pages.told[-2] == ("seen", DARK.text)
    qtbot.waitUntil(lambda: pages.looks() == before)


def test_changes_that_interrupt_each_other_reach_all_widgets(
    qtbot: QtBot, dark: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step restyles one widget, and changes interrupt the steps: no widget may keep an old style."""
    monkeypatch.setattr(stepping, "STEP_SECONDS", -1.0)
    pages = Pages(qtbot)
    dark.set_mode("light")
    for scale in (110, 125) * 4:
        QApplication.processEvents()
        qtbot.wait(5)
        dark.set_scale(scale)
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.looks() == Pages(qtbot).looks()


def test_the_corner_between_two_scroll_bars_is_empty(qtbot: QtBot, dark: Theme) -> None:
    dark.set_mode("light")
    qtbot.waitUntil(lambda: dark.is_settled)
    text = QPlainTextEdit("a long line " * 40 + "\n" * 40)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    qtbot.addWidget(text)
    with qtbot.waitExposed(text):
        text.show()
    right, below = text.verticalScrollBar(), text.horizontalScrollBar()
    qtbot.waitUntil(lambda: right.isVisible() and below.isVisible())
    left, top = (bar.mapTo(text, QPoint()) for bar in (right, below))
    corner = QRect(left.x(), top.y(), right.width(), below.height())
    image = text.grab(corner).toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    assert len({image.pixel(*place) for place in places}) == 1

"""A change of the theme or of the text's size reaches what is seen at once, and the rest soon after."""

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
    """Notes how it looked when it was told of another style."""

    def __init__(self, text: str, told: list[tuple[str, str]]) -> None:
        super().__init__(text)
        self._told = told

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._told.append((self.text(), self.palette().color(self.foregroundRole()).name()))
        super().changeEvent(event)


class Pages(QStackedWidget):
    """Words, and behind them a page of many kinds of widgets that was seen before."""

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
        """Of each widget behind: what a person would see."""
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


def test_the_theme(qtbot: QtBot, dark: Theme) -> None:
    pages = Pages(qtbot)
    pages.told.clear()
    dark.set_mode("light")
    assert not pages.told, "a thousand widgets at once would be a pause"
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.told == [("seen", LIGHT.text), ("behind", LIGHT.text)]
    wanted = Pages(qtbot)
    qtbot.waitUntil(lambda: pages.looks() == wanted.looks())
    qtbot.waitUntil(lambda: pages.behind.grab().toImage() == wanted.behind.grab().toImage())


def test_the_size_of_the_text(qtbot: QtBot, dark: Theme) -> None:
    pages = Pages(qtbot)
    pages.seen.setFont(fixed())
    size = pages.seen.font().pointSizeF()
    pages.told.clear()
    dark.set_scale(125)
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.seen.font().pointSizeF() == 1.25 * size
    assert not pages.told, "a thousand widgets dressed anew would be a pause, and their style is the same"
    wanted = Pages(qtbot).looks()
    qtbot.waitUntil(lambda: pages.looks() == wanted)


def test_painting_is_never_switched_off(qtbot: QtBot, dark: Theme) -> None:
    """Under X11 a window that is not painted while a popup closes, as the search for actions, stays so."""
    pages = Pages(qtbot)
    for change in partial(dark.set_scale, 125), partial(dark.set_mode, "light"):
        change()
        assert pages.updatesEnabled()
        while not dark.is_settled:
            QApplication.processEvents()
            assert pages.updatesEnabled()


def test_a_change_before_the_last_one_is_through(qtbot: QtBot, dark: Theme) -> None:
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


def test_a_change_in_the_middle_of_the_last_one(
    qtbot: QtBot, dark: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps of one widget each, broken off before each of them: none may stay as it was."""
    monkeypatch.setattr(stepping, "STEP_SECONDS", -1.0)
    pages = Pages(qtbot)
    dark.set_mode("light")
    for scale in (110, 125) * 4:
        QApplication.processEvents()
        qtbot.wait(5)
        dark.set_scale(scale)
    qtbot.waitUntil(lambda: dark.is_settled)
    assert pages.looks() == Pages(qtbot).looks()


def test_between_two_scroll_bars_is_nothing(qtbot: QtBot, dark: Theme) -> None:
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

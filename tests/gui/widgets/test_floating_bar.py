"""The bar of a tool keeps all its controls in the picture, however narrow that is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from apsnet_gui.widgets.floating_bar import FloatingBar


class Counted(FloatingBar):
    """A bar that counts how often it is laid out."""

    times = 0

    def event(self, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.LayoutRequest
        return super().event(event)


def test_an_unchanged_bar_is_not_laid_out_again(qtbot: QtBot) -> None:
    picture = QWidget()
    qtbot.addWidget(picture)
    bar = Counted(picture, "Tools")
    bar.add_row(QLabel("Turn"), QPushButton("field"))
    bar.add_row(QLabel("so many words that they have no room in one line of it"))
    picture.resize(200, 400)
    picture.show()
    bar.show()
    for _ in range(20):
        QApplication.processEvents()
    before = bar.times
    for _ in range(20):
        QApplication.processEvents()
    assert bar.times == before > 0


@pytest.mark.parametrize("width", range(150, 500, 50))
def test_a_label_stays_with_the_field_that_it_names(qtbot: QtBot, width: int) -> None:
    picture = QWidget()
    qtbot.addWidget(picture)
    picture.resize(width, 400)
    bar = FloatingBar(picture, "Tools")
    row = [QPushButton("first"), QLabel("Turn"), QPushButton("field"), QLabel("Size"), QPushButton("last")]
    bar.add_row(*row)
    picture.show()
    bar.show()
    qtbot.waitUntil(lambda: all(each.height() > 0 and each.isVisible() for each in row))
    middles = [each.geometry().center().y() for each in row]
    assert abs(middles[1] - middles[2]) <= 1 and abs(middles[3] - middles[4]) <= 1


@pytest.mark.parametrize(("width", "lines"), [(900, 1), (420, 2), (245, 3)])
def test_rows_wider_than_the_picture_are_wrapped(qtbot: QtBot, width: int, lines: int) -> None:
    picture = QWidget()
    qtbot.addWidget(picture)
    picture.resize(900, 400)
    bar = FloatingBar(picture, "Tools")
    buttons = [QPushButton(str(number)) for number in range(6)]
    for button in buttons:
        button.setFixedSize(100, 24)
    words = QLabel("few")
    bar.add_row(*buttons)
    bar.add_row(words)
    picture.show()
    bar.show()
    picture.resize(width, 400)
    words.setText("so many words that they have no room in one line of it " * 2)

    def all_seen() -> bool:
        whole = QRect(QPoint(0, 0), picture.size())
        places = [QRect(each.mapTo(picture, QPoint(0, 0)), each.size()) for each in (*buttons, words)]
        wraps = words.heightForWidth(words.width()) <= words.height() or not words.wordWrap()
        fits = words.width() >= (picture.width() - 50 if words.wordWrap() else words.sizeHint().width())
        return all(whole.contains(place) for place in places) and wraps and fits

    qtbot.waitUntil(all_seen)
    assert len({button.mapTo(picture, QPoint(0, 0)).y() for button in buttons}) == lines
    order = [button.mapTo(picture, QPoint(0, 0)) for button in buttons]
    assert order == sorted(order, key=lambda at: (at.y(), at.x())), "the buttons must keep their order"
    picture.resize(900, 400)
    qtbot.waitUntil(lambda: len({button.mapTo(picture, QPoint(0, 0)).y() for button in buttons}) == 1)

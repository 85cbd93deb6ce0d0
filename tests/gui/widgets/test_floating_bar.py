"""The bar of a tool keeps all its controls in the picture, however narrow that is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from apsnet_gui.widgets.floating_bar import FloatingBar


@pytest.mark.parametrize(("width", "lines"), [(900, 1), (420, 2), (245, 3)])
def test_rows_that_are_wider_than_the_picture_go_on_in_the_next_line(
    qtbot: QtBot, width: int, lines: int
) -> None:
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
        fits = words.wordWrap() or words.width() >= words.sizeHint().width()
        return all(whole.contains(place) for place in places) and wraps and fits

    qtbot.waitUntil(all_seen)
    assert len({button.mapTo(picture, QPoint(0, 0)).y() for button in buttons}) == lines
    order = [button.mapTo(picture, QPoint(0, 0)) for button in buttons]
    assert order == sorted(order, key=lambda at: (at.y(), at.x())), "in their order"
    picture.resize(900, 400)
    qtbot.waitUntil(lambda: len({button.mapTo(picture, QPoint(0, 0)).y() for button in buttons}) == 1)

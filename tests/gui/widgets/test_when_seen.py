"""A hidden widget is updated when it becomes visible."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLabel, QStackedWidget
from pytestqt.qtbot import QtBot

from apsnet_gui.widgets.when_seen import WhenSeen


def test_visible_widgets_update_at_once_and_hidden_ones_once_when_shown(qtbot: QtBot) -> None:
    pages, done = QStackedWidget(), list[str]()
    qtbot.addWidget(pages)
    asked = []
    for name in ("front", "behind"):
        label = QLabel(name)
        pages.addWidget(label)
        asked.append(WhenSeen(label, partial(done.append, name)))
    with qtbot.waitExposed(pages):
        pages.show()
    for _ in range(2):
        for each in asked:
            each.ask()
    assert done == ["front", "front"]
    pages.setCurrentIndex(1)
    qtbot.waitUntil(lambda: done == ["front", "front", "behind"])
    pages.repaint()
    pages.setCurrentIndex(0)
    asked[0].ask()
    assert done == ["front", "front", "behind", "front"]

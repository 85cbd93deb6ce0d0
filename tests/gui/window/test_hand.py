"""Only one tool is active at a time: it receives mouse and keys of every view, and paints over them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.hand import Tool
from tests.gui.window.conftest import CHAIR, OpenWindow, settle

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
INK = QColor(1, 254, 3)


class Recorder(Tool):
    """A tool that takes left drags and the key F, and paints a square."""

    takes_drags = True
    keys = frozenset({int(Qt.Key.Key_F)})
    seen: list[str]

    def begin(self) -> None:
        self.seen = ["begin"]

    def end(self) -> None:
        self.seen.append("end")

    def press(self, view: ViewWidget, event: QMouseEvent) -> bool:
        return self._see("press", event.button() == LEFT)

    def move(self, view: ViewWidget, event: QMouseEvent) -> bool:
        return self._see("move", bool(event.buttons() & LEFT))

    def release(self, view: ViewWidget, event: QMouseEvent) -> bool:
        return self._see("release", event.button() == LEFT)

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        return self._see("key", event.key() == Qt.Key.Key_F)

    def paint(self, view: ViewWidget, painter: QPainter) -> None:
        painter.fillRect(40, 50, 3, 3, INK)

    def _see(self, what: str, mine: bool) -> bool:
        self.seen += [what] * mine
        return mine


def drag(view: ViewWidget, button: Qt.MouseButton) -> Camera:
    """Drag by mouse events and return the camera afterwards."""
    QTest.mousePress(view, button, pos=QPoint(200, 200))
    for x in (220, 260):
        to = QPoint(x, 210)
        move = QMouseEvent(
            QEvent.Type.MouseMove, to.toPointF(), view.mapToGlobal(to).toPointF(), Qt.MouseButton.NoButton,
            button, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(view, move)
    QTest.mouseRelease(view, button, pos=QPoint(260, 210))
    return view.camera


def ink_at(view: ViewWidget) -> bool:
    ratio = view.devicePixelRatioF()
    return view.grab().toImage().pixelColor(int(41 * ratio), int(51 * ratio)) == INK


@pytest.mark.parametrize("compared", [False, True])
def test_a_tool_receives_mouse_and_keys_of_every_view(
    qtbot: QtBot, open_window: OpenWindow, compared: bool
) -> None:
    window = open_window(CHAIR)
    if compared:
        window.session.line_up("Compare", shown=True)
        settle(qtbot, window)
    view, tool = window.view, Recorder(window.hand)
    with qtbot.waitSignal(window.hand.changed):
        tool.take()
    assert tool.held and all(ink_at(each) for each in window.hand.views if each.isVisible())
    before = view.camera
    assert drag(view, LEFT) == before, "the tool must receive a left drag"
    assert tool.seen == ["begin", "press", "move", "move", "release"]
    turned = drag(view, RIGHT)
    assert turned.orientation != before.orientation and turned.target == before.target
    QTest.keyClick(view, Qt.Key.Key_F)
    assert tool.seen[-1] == "key" and view.camera == turned, "F must not trigger its shortcut"

    window.actions_by_id["floor"].trigger()
    assert window.floor.held and not tool.held and tool.seen[-1] == "end" and not ink_at(view)
    assert drag(view, LEFT).orientation != turned.orientation
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.hand.tool is None

    tool.take()
    window.session.remove(window.session.document.current or "")
    assert window.hand.tool is None and tool.seen[-1] == "end"
    tool.take()
    assert window.hand.tool is None, "there is nothing to work on"

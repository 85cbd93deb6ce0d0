"""Lets a user click a point in a view: the one that stands on the floor, or of an object."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.hand import Hand, Tool

WANDER = 4  # pixels a press may wander and still be a click


class OneClick(Tool):
    """A click into a view takes a point of the current shape and empties the hand; drags turn the camera.

    ``clicked`` carries the `OpenShape` and the point, (x, y, z) relative to its offset.
    """

    clicked = Signal(object, object)

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._pressed: QPointF | None = None

    def end(self) -> None:
        self._pressed = None

    def press(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        return False

    def release(self, view: ViewWidget, event: QMouseEvent) -> bool:
        pressed, self._pressed = self._pressed, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        still = (event.position() - pressed).manhattanLength() <= WANDER
        pick = view.pick(event.position()) if still else None
        entry = self.hand.session.document.active
        if pick is not None and entry is not None:
            self.put_down()
            self.clicked.emit(entry, pick.xyz)
        return False

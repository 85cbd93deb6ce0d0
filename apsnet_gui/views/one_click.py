"""Tools that use clicks: `Clicks` for any number, and `OneClick` for a single click on the current shape."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.hand import Hand, Tool

WANDER = 4  # pixels that the pointer may move during a click


class Clicks(Tool):
    """A tool that uses clicks with the left button; drags turn the camera."""

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._pressed: QPointF | None = None

    def click(self, view: ViewWidget, at: QPointF) -> None:
        """Called when the left button was clicked at a position of ``view``."""

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
        if (event.position() - pressed).manhattanLength() <= WANDER:
            self.click(view, event.position())
        return False


class OneClick(Clicks):
    """A click in a view picks a point of the current shape and puts the tool down.

    ``clicked`` carries the `OpenShape` and the point, (x, y, z) relative to the shape's offset.
    """

    clicked = Signal(object, object)

    def click(self, view: ViewWidget, at: QPointF) -> None:
        entry = self.hand.session.document.active
        view.when_picked(at, lambda pick: self._take(entry, pick))

    def _take(self, entry: OpenShape | None, pick: Pick | None) -> None:
        if not self.held or entry is not self.hand.session.document.active:
            return
        if entry is not None and self.hand.works_on(pick):
            self.put_down()
            self.clicked.emit(entry, pick.xyz)

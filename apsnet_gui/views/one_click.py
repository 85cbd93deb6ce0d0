"""Lets a user click a point in a view: the one that stands on the floor, or of an object."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.widget import ViewWidget

WANDER = 4  # pixels a press may wander and still be a click


class OneClick(QObject):
    """While it is ``waiting``, a click into a view takes a point of the current shape; Esc cancels.

    ``clicked`` carries the `OpenShape` and the point, (x, y, z) relative to its offset.
    """

    changed = Signal()
    clicked = Signal(object, object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.waiting = False
        self._pressed: QPointF | None = None
        session.changed.connect(self._follow)

    def listen(self, view: ViewWidget) -> None:
        """Watch the clicks into ``view``."""
        view.installEventFilter(self)

    def wait(self) -> None:
        """Let the next click take a point."""
        self._set(self._session.document.active is not None)

    def leave(self) -> None:
        """Cancel; nothing changes."""
        self._set(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.waiting or not isinstance(watched, ViewWidget):
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                still = (event.position() - self._pressed).manhattanLength() <= WANDER
                pick = watched.pick(event.position()) if still else None
                entry = self._session.document.active
                if pick is not None and entry is not None:
                    self.leave()
                    self.clicked.emit(entry, pick.xyz)
        return False

    def _follow(self, before: Document, after: Document) -> None:
        if before.current != after.current:
            self.leave()

    def _set(self, waiting: bool) -> None:
        self._pressed = None
        if waiting != self.waiting:
            self.waiting = waiting
            self.changed.emit()

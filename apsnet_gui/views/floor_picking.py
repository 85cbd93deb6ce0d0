"""Lets a user click the face of the current shape that lies on the floor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from apsnet_core.cloud import Float64
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.widget import ViewWidget

WANDER = 4  # pixels a press may wander and still be a click


class FloorPicking(QObject):
    """While it is ``waiting``, a click into a view chooses the face; Esc cancels."""

    changed = Signal()

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self.waiting = False
        self._pressed: QPointF | None = None
        session.changed.connect(self._follow)

    def listen(self, view: ViewWidget) -> None:
        """Watch the clicks into ``view``."""
        view.installEventFilter(self)

    def wait(self) -> None:
        """Let the next click choose the face."""
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
                if pick is not None:
                    self._take(pick.xyz)
        return False

    def _follow(self, before: Document, after: Document) -> None:
        if before.current != after.current:
            self.leave()

    def _set(self, waiting: bool) -> None:
        self._pressed = None
        if waiting != self.waiting:
            self.waiting = waiting
            self.changed.emit()

    def _take(self, at: tuple[float, float, float]) -> None:
        entry = self._session.document.active
        self.leave()
        if entry is None:
            return
        job = self._background.start("Finding the plane", lambda _: _normal(entry, at), lane="floor")
        job.done.connect(lambda down: self._lay(entry, down))
        job.failed.connect(
            lambda why: self._session.notice.emit("warning", f"{entry.name} was not turned: {why}")
        )

    def _lay(self, entry: OpenShape, down: Float64) -> None:
        from apsnet_core.ops.orientation import up_text

        if self._session.document.entry(entry.id) is not None:
            self._session.stand(entry.id, up_text(-down))


def _normal(entry: OpenShape, at: tuple[float, float, float]) -> Float64:
    from apsnet_core.ops.local_plane import outward_normal

    return outward_normal(entry.shape, at)

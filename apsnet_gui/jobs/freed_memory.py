"""Return freed memory to the system after shapes are closed and after work on large clouds."""

from __future__ import annotations

from PySide6.QtCore import QObject

from apsnet_core.freed_memory import give_back
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session

LARGE = 1_000_000  # points; work on such a cloud frees enough memory to make this worthwhile


class FreedMemory(QObject):
    """Makes the C library return freed memory to the system whenever a shape is closed.

    The library keeps freed blocks between blocks that are in use: 100 MB after 50 small meshes. If a large
    cloud is open, the memory is also returned when all jobs have ended after a change of the document.
    """

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._background = background
        self._is_due = False
        session.changed.connect(self._look)
        background.changed.connect(self._rest)

    def _look(self, before: Document, after: Document) -> None:
        if {entry.id for entry in before.entries} - {entry.id for entry in after.entries}:
            self._start()
        elif any(entry.count >= LARGE for entry in after.entries):
            self._is_due = True

    def _rest(self) -> None:
        if self._is_due and not self._background.jobs:
            self._start()

    def _start(self) -> None:
        self._is_due = False
        self._background.start("Giving memory back", lambda _: give_back(), lane="memory", needed=True)

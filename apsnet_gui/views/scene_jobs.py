"""Makes the scenes of one view on a worker thread, one at a time; a new request replaces a waiting one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from apsnet_gui.jobs.background import Background

Made = TypeVar("Made")
Parts = tuple[Hashable, ...]


class SceneJobs(QObject, Generic[Made]):
    """The jobs of one view: ``made`` carries the scene, ``failed`` a sentence.

    With ``at_once`` the jobs start even while other background jobs are held back.
    """

    made = Signal(object)
    failed = Signal(str)

    def __init__(self, background: Background, parent: QObject, at_once: bool = False) -> None:
        super().__init__(parent)
        self._background, self._at_once = background, at_once
        self._parts: Parts | None = None
        self._next: Callable[[], Made] | None = None
        self.busy = False

    @property
    def is_outdated(self) -> bool:
        """Whether a newer scene was requested while one is being made."""
        return self._next is not None

    def ask(self, parts: Parts, make: Callable[[], Made]) -> None:
        """Make a scene from ``parts`` by ``make``, unless the last request had equal parts."""
        if parts == self._parts:
            return
        self._parts = parts
        if self.busy:
            self._next = make
        else:
            self._start(make)

    def forget(self) -> None:
        """Make the next scene even if its parts are equal to the last ones; drop a waiting request."""
        self._parts = self._next = None

    def _start(self, make: Callable[[], Made]) -> None:
        self.busy = True
        job = self._background.start("Preparing a view", lambda _: make(), at_once=self._at_once, needed=True)
        job.done.connect(self.made)
        job.failed.connect(self._fail)
        job.ended.connect(self._end)

    def _fail(self, why: Exception) -> None:
        if self._next is None:
            self._parts = None  # so that the same parts can be tried again
        self.failed.emit(f"The view could not be prepared: {why}")

    def _end(self) -> None:
        self.busy = False
        make, self._next = self._next, None
        if make is not None:
            self._start(make)

"""Scenes made on a worker thread for one view: one at a time, the newest wins, none is made twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from apsnet_gui.jobs.background import Background

Made = TypeVar("Made")
Parts = tuple[Hashable, ...]


class SceneJobs(QObject, Generic[Made]):
    """``made`` carries what was made, ``failed`` a sentence. ``at_once``: not after other work."""

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
        """Whether a newer scene than the one that is being made was asked for."""
        return self._next is not None

    def ask(self, parts: Parts, make: Callable[[], Made]) -> None:
        """Make a scene of ``parts``, unless the last one was of the same."""
        if parts == self._parts:
            return
        self._parts = parts
        if self.busy:
            self._next = make
        else:
            self._start(make)

    def forget(self) -> None:
        """The view shows something else now: whatever is asked for next is made."""
        self._parts = self._next = None

    def _start(self, make: Callable[[], Made]) -> None:
        self.busy = True
        job = self._background.start("Preparing a view", lambda _: make(), at_once=self._at_once)
        job.done.connect(self.made)
        job.failed.connect(self._fail)
        job.ended.connect(self._end)

    def _fail(self, why: Exception) -> None:
        if self._next is None:
            self._parts = None  # the same may be tried again
        self.failed.emit(f"The view could not be prepared: {why}")

    def _end(self) -> None:
        self.busy = False
        make, self._next = self._next, None
        if make is not None:
            self._start(make)

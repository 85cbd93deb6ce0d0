"""Read the dataset that the document names; a new request cancels the previous one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session

if TYPE_CHECKING:
    from apsnet_gui.dataset.collection import Collection

FURNITURE = "furniture"


class CurrentDataset(QObject):
    """The open dataset: ``collection`` holds its shapes, ``problem`` is a sentence why there are none.

    ``changed`` reports every change of state, ``opened`` that the user has opened a dataset.
    """

    changed = Signal()
    opened = Signal()

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self.collection: Collection | None = None
        self.problem = ""
        self._source: str | None = None
        self._job: Job | None = None
        self._read: Collection | None = None
        session.changed.connect(self._follow)

    @property
    def reading(self) -> str:
        """The title of the running read; empty if there is none."""
        return self._job.title if self._job else ""

    def open(self, source: str, otherwise: Callable[[], None] | None = None) -> None:
        """Read the dataset with the name or folder ``source``, then put it into the document.

        ``otherwise`` is called instead if the folder holds no dataset.
        """
        job = self._start(source)
        job.done.connect(self._take)
        job.failed.connect(lambda why: self._refuse(source, why, otherwise))

    def cancel(self) -> None:
        """Stop reading."""
        if self._job is not None:
            self._job.cancel()

    def _start(self, source: str) -> Job:
        name = Path(source).name
        job = self._background.start(
            f"Reading {name}", lambda progress: _read(source, progress), lane="dataset"
        )
        self._job = job
        job.ended.connect(lambda: self._end(job))
        self.changed.emit()
        return job

    def _end(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self.changed.emit()

    def _take(self, collection: Collection) -> None:
        self._read = collection
        if self._session.document.dataset == collection.source:
            self._show(collection)
        else:
            self._session.open_dataset(collection.source)
        if notes := collection.data.notes:
            from apsnet_gui.dataset.left_out import summary

            more = f"; the Dataset panel lists all: {summary(collection.data)}" if len(notes) > 1 else ""
            file = Path(collection.source)
            self._session.tell("warning", f"{file.name}: {notes[0]}{more}", file)
        self.opened.emit()

    def _refuse(self, source: str, why: Exception, otherwise: Callable[[], None] | None) -> None:
        from apsnet_gui.dataset.dataset_process import NoDataset

        if otherwise is not None and isinstance(why, NoDataset):
            otherwise()
        else:
            self._session.tell("error", f"{Path(source).name}: {why}", Path(source))

    def _follow(self, before: Document, after: Document) -> None:
        """Read the dataset that the document names after an undo, or after a project was opened."""
        source = after.dataset
        if source == self._source:
            return
        self._source = source
        self._show(self._read if self._read and self._read.source == source else None)
        if source is not None and self.collection is None:
            job = self._start(source)
            job.done.connect(self._restore)
            job.failed.connect(lambda why: self._miss(source, why))

    def _restore(self, collection: Collection) -> None:
        if collection.source == self._session.document.dataset:
            self._read = collection
            self._show(collection)

    def _miss(self, source: str, why: Exception) -> None:
        if source == self._session.document.dataset:
            self.problem = f"{Path(source).name}: {why}"
            self._session.tell("error", self.problem, Path(source))
            self.changed.emit()

    def _show(self, collection: Collection | None) -> None:
        self.collection, self.problem = collection, ""
        self.changed.emit()


def _read(source: str, progress: JobProgress) -> Collection:
    # Imported here, on the worker thread, so that the window starts sooner.
    from apsnet_gui.dataset.collection import Collection
    from apsnet_gui.dataset.dataset_process import read

    return Collection(source, *read(source, progress))

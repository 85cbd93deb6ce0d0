"""Open files: a queue of requests that the reader process handles in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.editing.selection import Selection
from apsnet_core.files import ReadError, preview
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.jobs.importing import import_alone
from apsnet_gui.jobs.reader_process import ReaderProcess, Tick, Unreadable
from apsnet_gui.state.open_shape import Loaded
from apsnet_gui.state.read_request import ReadRequest


class Reading(QObject):
    """Emits ``loaded(request, Loaded)`` or ``failed(request, why)`` in the order of requests, then ``idle``.

    ``undecided(path, datasets)`` is emitted instead for a file with several clouds if the request names none
    of them.
    """

    loaded = Signal(object, object)
    undecided = Signal(str, object)
    failed = Signal(object, str)
    idle = Signal()
    _outcome = Signal(object, object, object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._process = ReaderProcess()
        self._waiting: list[ReadRequest] = []
        self.columns: dict[str, str] = {}
        """The user's choices for the columns of text files, by their `Preview.layout`."""
        self._job: Job | None = None
        self._outcome.connect(self._report, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._job is not None

    @property
    def process_id(self) -> int | None:
        """The id of the reader process; None while there is none."""
        return self._process.process_id

    def warm(self) -> None:
        """Start the reader process in the background."""
        self._process.warm()

    def read(self, requests: Sequence[ReadRequest]) -> None:
        """Add requests to the queue."""
        self._waiting.extend(requests)
        if self._job is None and self._waiting:
            batch, self._waiting = self._waiting, []
            self._job = self._background.start(
                _title(batch), lambda progress: self._work(batch, progress), at_once=True
            )
            self._job.ended.connect(self._next)

    def look(self, path: str) -> Job:
        """Read the first lines of a text file; the job's result is a `Preview`, or None for other formats."""
        return self._background.start(f"Looking at {Path(path).name}", lambda _: preview(path), at_once=True)

    def cancel(self) -> None:
        """Empty the queue and stop the current read."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Empty the queue and end the reader process."""
        self.cancel()
        self._process.close()

    def _work(self, batch: Sequence[ReadRequest], progress: JobProgress) -> None:
        for i, request in enumerate(batch):

            def tick(fraction: float | None, i: int = i, request: ReadRequest = request) -> None:
                whole = None if fraction is None and len(batch) == 1 else (i + (fraction or 0.0)) / len(batch)
                progress.report(whole, Path(request.path).name)

            tick(None)
            try:
                self._outcome.emit(request, self._open(request, tick), None)
            except Unreadable as why:
                self._outcome.emit(request, None, str(why))

    def _open(self, request: ReadRequest, tick: Tick) -> object:
        import_alone("apsnet_core.files.formats")  # imported here so that the window starts sooner
        from apsnet_core.files.formats import format_of

        format = format_of(request.path)
        if format and format.describe and request.dataset is None:
            datasets = self._process.describe(request.path, tick)
            if len(datasets) > 1 or any(dataset.rows > 1 for dataset in datasets):
                return datasets
        if format and format.preview and request.columns is None and self.columns:
            request = replace(request, columns=self._remembered(request.path))
        shape = self._process.read(request, tick)
        return Loaded.measured(shape if request.kept is None else _kept(shape, request.kept))

    def _remembered(self, path: str) -> str | None:
        try:
            first = preview(path)
        except ReadError:  # reading the whole file reports the error
            return None
        return self.columns.get(first.layout) if first else None

    @Slot(object, object, object)
    def _report(self, request: ReadRequest, found: object, why: str | None) -> None:
        if isinstance(found, list):
            self.undecided.emit(request.path, found)
        elif why is None:
            self.loaded.emit(request, found)
        else:
            self.failed.emit(request, why)

    def _next(self) -> None:
        self._job = None
        if self._waiting:
            self.read([])
        else:
            self.idle.emit()


def _kept(shape: PointCloud | TriangleMesh, kept: Selection) -> PointCloud:
    """The points of a cloud that a project keeps; raises `Unreadable` if the file has changed since."""
    try:
        if isinstance(shape, TriangleMesh):
            raise ValueError("the project keeps a part of a cloud, and the file holds a mesh")
        return shape.take(np.flatnonzero(kept.mask(len(shape))))
    except ValueError as why:
        raise Unreadable(f"it is not the file that was cut: {why}") from None


def _title(batch: Sequence[ReadRequest]) -> str:
    return f"Reading {Path(batch[0].path).name}" if len(batch) == 1 else f"Reading {len(batch)} files"

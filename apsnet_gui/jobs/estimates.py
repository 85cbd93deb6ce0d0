"""Estimate data that a cloud's file does not contain on a worker thread, when the view needs it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QObject

from apsnet_core.cloud import PointCloud
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session


class Estimates(QObject):
    """Estimates something for each visible cloud whose picture needs it, one cloud after another.

    A cloud whose estimate was cancelled or failed is not tried again until the user turns this display off
    for all clouds and on again.
    """

    title: str

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self._left: WeakSet[PointCloud] = WeakSet()
        self._job: Job | None = None
        self._cloud: PointCloud | None = None
        session.changed.connect(self._on_change)
        session.sampled.connect(lambda _: self._go_on())

    @abstractmethod
    def shows(self, document: Document, entry: OpenShape) -> bool:
        """Whether the picture of an ``entry`` depends on the estimate."""

    @abstractmethod
    def is_known(self, cloud: PointCloud) -> bool:
        """Whether the cloud needs no estimate, because the file or an earlier estimate has the data."""

    @abstractmethod
    def estimate(self, cloud: PointCloud, progress: JobProgress) -> Any:
        """Compute the estimate, the argument of `keep`; called on a worker thread."""

    @abstractmethod
    def keep(self, cloud: PointCloud, found: Any) -> str:
        """Store the estimate and return a sentence about it for the user."""

    @abstractmethod
    def stays(self, why: str) -> str:
        """A sentence that there is no estimate; the reason ``why`` is "" if the user has cancelled it."""

    def _on_change(self, before: Document, after: Document) -> None:
        if not any(self.shows(before, entry) for entry in before.entries):
            self._left.clear()
        self._go_on()

    def _wanted(self) -> list[PointCloud]:
        """The clouds in the view that need the estimate, as they are drawn."""
        document, result = self._session.document, self._session.result
        shown = [each for each in document.entries if each.visible and not each.as_mesh]
        shown = [each for each in shown if self.shows(document, each)]
        drawn = [result.cloud if result and result.entry == each.id else each.shape for each in shown]
        return [shape for shape in drawn if isinstance(shape, PointCloud)]

    def _go_on(self) -> None:
        wanted = self._wanted()
        if self._job is not None:
            if self._cloud not in wanted:
                self._cloud = None  # so that `_leave` does not treat this as cancelled by the user
                self._job.cancel()
            return
        todo = (each for each in wanted if not self.is_known(each) and each not in self._left)
        cloud = next(todo, None)
        if cloud is None:
            return
        self._cloud = cloud
        self._job = job = self._background.start(self.title, lambda progress: self.estimate(cloud, progress))
        job.done.connect(lambda found: self._put(cloud, found))
        job.failed.connect(lambda why: self._leave(cloud, self.stays(str(why))))
        job.cancelled.connect(lambda: self._leave(cloud, self.stays("")))
        job.ended.connect(self._end)

    def _put(self, cloud: PointCloud, found: Any) -> None:
        told = self.keep(cloud, found)
        self._session.estimated.emit()
        self._session.notice.emit("info", told)

    def _leave(self, cloud: PointCloud, why: str) -> None:
        if self._cloud is cloud:
            self._left.add(cloud)
            self._session.notice.emit("warning", why)

    def _end(self) -> None:
        self._job = self._cloud = None
        self._go_on()

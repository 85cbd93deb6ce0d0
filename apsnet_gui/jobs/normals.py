"""The normals of clouds whose files have none: estimated on a worker thread once clouds are to be lit."""

from __future__ import annotations

from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtCore import QObject

from apsnet_core.cloud import Float32, PointCloud
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import Shape
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import counted

NEIGHBOURS = 16
"""Points around each, of which its plane is made."""

_estimated: WeakKeyDictionary[PointCloud, Float32] = WeakKeyDictionary()


def normals_of(shape: Shape) -> Float32 | None:
    """The normals of the file, or those estimated; None where there are none (yet)."""
    if shape.normals is not None or not isinstance(shape, PointCloud):
        return shape.normals
    return _estimated.get(shape)


class Normals(QObject):
    """Estimates the normals of the visible clouds while these are to be lit, one cloud after another.

    A cloud whose estimate was cancelled or failed stays flat until light is asked for again.
    """

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self._flat: WeakSet[PointCloud] = WeakSet()
        self._job: Job | None = None
        self._cloud: PointCloud | None = None
        session.changed.connect(self._on_change)
        session.sampled.connect(lambda _: self._go_on())

    def _on_change(self, before: Document, after: Document) -> None:
        if after.look.lit and not before.look.lit:
            self._flat.clear()
        self._go_on()

    def _wanted(self) -> list[PointCloud]:
        """The visible clouds that are to be lit, as they are drawn."""
        document, result = self._session.document, self._session.result
        if not document.look.lit:
            return []
        shown = [entry for entry in document.entries if entry.visible and not entry.as_mesh]
        drawn = [result.cloud if result and result.entry == each.id else each.shape for each in shown]
        return [shape for shape in drawn if isinstance(shape, PointCloud)]

    def _go_on(self) -> None:
        wanted = self._wanted()
        if self._job is not None:
            if self._cloud not in wanted:
                self._cloud = None  # its end is no wish of the user's
                self._job.cancel()
            return
        todo = (each for each in wanted if normals_of(each) is None and each not in self._flat)
        cloud = next(todo, None)
        if cloud is None:
            return

        def work(progress: JobProgress) -> Float32:
            from apsnet_core.ops.neighbours import local_planes

            return local_planes(cloud.xyz, NEIGHBOURS, tell=progress.report)[0]

        self._cloud = cloud
        self._job = job = self._background.start("Estimating normals", work)
        job.done.connect(lambda normals: self._put(cloud, normals))
        job.failed.connect(lambda why: self._leave(cloud, f"Normals could not be estimated: {why}"))
        job.cancelled.connect(lambda: self._leave(cloud, "Normals were not estimated: the cloud stays flat"))
        job.ended.connect(self._end)

    def _put(self, cloud: PointCloud, normals: Float32) -> None:
        _estimated[cloud] = normals
        self._session.normals_estimated.emit()
        self._session.notice.emit(
            "info", f"Light by normals: the file has none, so those of {counted(len(cloud), 'point')} are "
            f"estimated from {NEIGHBOURS} neighbours each",
        )  # fmt: skip

    def _leave(self, cloud: PointCloud, why: str) -> None:
        if self._cloud is cloud:
            self._flat.add(cloud)
            self._session.notice.emit("warning", why)

    def _end(self) -> None:
        self._job = self._cloud = None
        self._go_on()

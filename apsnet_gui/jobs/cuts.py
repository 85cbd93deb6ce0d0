"""Cuts shapes of the document in the background: each cut is one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from apsnet_core.arrays import np
from apsnet_core.types import Mask
from apsnet_gui.jobs import cutting
from apsnet_gui.jobs.background import Background, JobProgress
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import counted, grouped

if TYPE_CHECKING:
    from apsnet_core.editing.steps import EditStep  # pydantic, which the start does without


class Cuts:
    """The result of a cut takes the shape's place, unless that was closed or cut in between."""

    def __init__(self, session: Session, background: Background) -> None:
        self._session, self._background = session, background

    def apply(
        self, entry: OpenShape, title: str, step: Callable[[], EditStep], stay: Mask | None = None
    ) -> None:
        """Do a step; ``step`` is made in the background, where its library is loaded.

        ``stay`` are the points (n,) that it leaves, where that is known.
        """

        def work(progress: JobProgress) -> OpenShape:
            return cutting.cut(entry, step(), lambda share: progress.report(share, title), stay)

        job = self._background.start(title, work, lane="cut")
        job.done.connect(lambda new: self._put(entry, title, new))
        job.failed.connect(lambda why: self._refuse(entry, why))

    def find_objects(self, entry: OpenShape, show: Callable[[list[OpenShape]], None]) -> None:
        """Look for the objects of a scan, and ``show`` them if it is still open."""
        title = "Looking for objects"

        def work(progress: JobProgress) -> list[OpenShape]:
            return cutting.objects(entry, lambda share: progress.report(share, title))

        def found(parts: list[OpenShape]) -> None:
            if self._session.document.entry(entry.id) is not None:
                show(parts)

        job = self._background.start(title, work, lane="cut")
        job.done.connect(found)
        job.failed.connect(lambda why: self._session.notice.emit("warning", f"{entry.name}: {why}"))

    def open_objects(self, entry: OpenShape, parts: list[OpenShape]) -> None:
        """Open these objects of a scan beside it, and hide the scan."""
        self._open(entry, parts)

    def extract(self, entry: OpenShape, mask: Mask) -> None:
        """Open the points of ``mask`` (n,) as a cloud of their own, and hide the whole."""

        def work(progress: JobProgress) -> list[OpenShape]:
            rows = np.flatnonzero(mask)
            words = f"{counted(len(rows), 'point')} taken out of {grouped(len(mask))}"
            return [cutting.part(entry, rows, f"{entry.name} · part", words)]

        job = self._background.start("Extract the selection", work, lane="cut")
        job.done.connect(lambda found: self._open(entry, found, "Extract from {}"))
        job.failed.connect(lambda why: self._refuse(entry, why))

    def _put(self, entry: OpenShape, title: str, new: OpenShape) -> None:
        if self._session.document.entry(entry.id) is not None:
            self._session.put(entry.id, new, title)
            self._session.notice.emit("info", f"{new.name}: {new.cuts[-1]}")

    def _open(self, entry: OpenShape, found: list[OpenShape], what: str = "Split {} into objects") -> None:
        if self._session.document.entry(entry.id) is not None:
            self._session.split(entry.id, found, what)
            several = f"{len(found)} objects, the largest first"
            words = found[0].cuts[-1] if len(found) == 1 else several
            self._session.notice.emit("info", f"{entry.name}: {words}")

    def _refuse(self, entry: OpenShape, why: object) -> None:
        self._session.notice.emit("warning", f"{entry.name} was not cut: {why}")

"""Cut shapes of the document in the background, one after another; each cut is one undo step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from apsnet_core.arrays import np
from apsnet_core.types import Mask, Progress
from apsnet_gui.jobs import cutting
from apsnet_gui.jobs.background import Background, Job
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import counted, grouped

if TYPE_CHECKING:
    from apsnet_core.editing.steps import EditStep  # loads pydantic, which would delay the start

Work = Callable[[OpenShape, Progress], Any]  # its return value is passed to the task's ``done``


@dataclass(frozen=True, eq=False)
class _Task:
    """A task of the queue; ``work`` and ``done`` get the shape as it is when the task starts."""

    entry: OpenShape
    title: str
    work: Work
    done: Callable[[OpenShape, Any], None]
    ended: Callable[[], None] = lambda: None


class Cuts:
    """A queue of cuts. The result of a cut replaces the shape, unless the shape was closed in the meantime.

    A cut that was requested during another one is applied to the result of that one. Cancelling a cut also
    drops the waiting ones.
    """

    def __init__(self, session: Session, background: Background) -> None:
        self._session, self._background = session, background
        self._waiting = deque[_Task]()
        self._job: Job | None = None
        self._became: dict[str, str] = {}  # the id of each shape that was cut, and the id of its result

    def apply(
        self, entry: OpenShape, title: str, step: Callable[[], EditStep], stay: Mask | None = None
    ) -> None:
        """Queue a step; ``step()`` is called in the background, because it may import a library.

        ``stay`` is the mask (n,) of the points of ``entry`` that the step keeps, if that is known.
        """

        def work(now: OpenShape, tell: Progress) -> OpenShape:
            left = None if stay is None else cutting.mask_in(now, entry, stay)
            return cutting.cut(now, step(), tell, left)

        def put(before: OpenShape, new: OpenShape) -> None:
            now = self._session.document.entry(before.id)
            if now is None:
                return
            if now.hidden != before.hidden:
                self.apply(entry, title, step, stay)  # cut again: other points are hidden now
                return
            new = replace(
                now, id=new.id, shape=new.shape, extent=new.extent, upright=new.upright,
                kept=new.kept, cuts=new.cuts, hidden=new.hidden,
            )  # fmt: skip
            self._became[now.id] = new.id
            self._session.put(now.id, new, title)
            self._session.notice.emit("info", f"{new.name}: {new.cuts[-1]}")

        self._add(_Task(entry, title, work, put))

    def find_objects(
        self,
        entry: OpenShape,
        show: Callable[[OpenShape, cutting.FoundObjects], None],
        reach: float | None = None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Find the objects of a scan, and call ``show`` with the scan and the objects if it is still open.

        Gaps up to ``reach`` between points of an object are bridged; None chooses it from the scan.
        ``ended`` is called afterwards, even if nothing was found.
        """
        by = self._session.selected.objects_by

        def work(now: OpenShape, tell: Progress) -> cutting.FoundObjects:
            return cutting.objects(now, tell, by, reach)

        def found(now: OpenShape, objects: cutting.FoundObjects) -> None:
            if self._session.document.entry(now.id) is not None:
                show(now, objects)

        self._add(_Task(entry, "Looking for objects", work, found, ended))

    def open_objects(self, entry: OpenShape, parts: list[OpenShape]) -> None:
        """Open these objects of a scan beside it, and hide the scan."""
        self._open(entry, parts)

    def extract(self, entry: OpenShape, mask: Mask) -> None:
        """Open the points in ``mask`` (n,) as a separate cloud, and hide the original."""

        def work(now: OpenShape, tell: Progress) -> list[OpenShape]:
            there = cutting.mask_in(now, entry, mask)
            rows = np.flatnonzero(there)
            if not len(rows):
                raise ValueError("none of the selected points is left")
            words = f"{counted(len(rows), 'point')} taken out of {grouped(len(there))}"
            return [cutting.part(now, rows, f"{now.name} · part", words)]

        def open_it(now: OpenShape, found: list[OpenShape]) -> None:
            self._open(now, found, "Extract from {}")

        self._add(_Task(entry, "Extract the selection", work, open_it))

    def _add(self, task: _Task) -> None:
        self._waiting.append(task)
        self._go_on()

    def _go_on(self) -> None:
        if self._job is not None:
            return
        if not self._waiting:
            self._became.clear()
            return
        task = self._waiting.popleft()
        entry = self._now(task.entry.id)
        if entry is None:
            self._go_on()
            return
        self._job = job = self._background.start(
            task.title, lambda progress: task.work(entry, lambda share: progress.report(share, task.title))
        )
        job.done.connect(lambda result: task.done(entry, result))
        job.failed.connect(lambda why: self._refuse(entry, why))
        job.cancelled.connect(self._waiting.clear)
        job.ended.connect(task.ended)
        job.ended.connect(self._end)

    def _end(self) -> None:
        self._job = None
        self._go_on()

    def _now(self, id: str) -> OpenShape | None:
        """The shape, or the result of its cuts; None if it was closed."""
        while self._session.document.entry(id) is None and id in self._became:
            id = self._became[id]
        return self._session.document.entry(id)

    def _open(self, entry: OpenShape, found: list[OpenShape], what: str = "Split {} into objects") -> None:
        if self._session.document.entry(entry.id) is not None:
            self._session.split(entry.id, found, what)
            several = f"{len(found)} objects, the largest first"
            words = found[0].cuts[-1] if len(found) == 1 else several
            self._session.notice.emit("info", f"{entry.name}: {words}")

    def _refuse(self, entry: OpenShape, why: object) -> None:
        self._session.notice.emit("warning", f"{entry.name} was not cut: {why}")

"""Select points of clouds on worker threads, one operation after another on the selection of the last."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.placing import corners
from apsnet_core.types import Float32, Int64, Mask, Progress
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.state.scaling import sight_of, unseen_mask
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.projection import project

if TYPE_CHECKING:
    from apsnet_core.editing.outline import Area

How = Literal["new", "add", "remove", "change"]
Find = Callable[[PointCloud, Mask, Progress], Mask]  # a cloud and its selection (n,) -> the found points (n,)

_BLOCK = 1 << 18
_CELL = 6.0  # pixels: the cells in which a brush finds the front surface; larger where points are sparse


@dataclass(frozen=True, eq=False)
class _Task:
    entry: OpenShape
    title: str
    find: Find
    how: How


class Selecting(QObject):
    """Selects points of the active cloud that are not hidden; results for a closed cloud are dropped.

    An operation that replaces the selection cancels the earlier ones. ``changed`` is emitted when an
    operation starts or ends.
    """

    changed = Signal()

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self._waiting = deque[_Task]()
        self._job: Job | None = None
        session.changed.connect(self._follow)

    @property
    def doing(self) -> str:
        """The title of the current operation; empty if there is none."""
        return self._job.title if self._job is not None else ""

    def select(self, title: str, find: Find, how: How = "new") -> None:
        """Select the points that ``find`` returns, add them to the selection, or remove them from it.

        "new" cancels the waiting operations. "change" selects what ``find`` computes from the selection
        after all waiting operations.
        """
        entry = self._session.document.active
        if entry is None or not isinstance(entry.shape, PointCloud):
            return
        if how == "new":
            self.cancel()
        self._waiting.append(_Task(entry, title, find, how))
        self._go_on()

    def cancel(self) -> None:
        """Cancel the current operation and drop the waiting ones."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _go_on(self) -> None:
        if self._job is not None or not self._waiting:
            return
        task = self._waiting.popleft()
        shape, entry = task.entry.shape, task.entry.id
        if self._session.document.entry(entry) is None:
            self._go_on()
            return
        assert isinstance(shape, PointCloud)
        chosen = self._session.selected.of(entry)
        before = np.zeros(len(shape), dtype=np.bool_) if chosen is None else chosen

        def work(progress: JobProgress) -> Mask:
            found = task.find(shape, before, lambda share: progress.report(share, task.title))
            hidden = unseen_mask(task.entry)
            found = found if hidden is None else found & ~hidden
            if task.how == "add":
                return before | found
            return before & ~found if task.how == "remove" else found

        self._job = job = self._background.start(task.title, work)
        job.done.connect(lambda mask: self._put(task.entry, mask))
        job.failed.connect(lambda why: self._session.notice.emit("warning", f"Nothing was selected: {why}"))
        job.ended.connect(self._end)
        self.changed.emit()

    def _put(self, entry: OpenShape, mask: Mask) -> None:
        now = self._session.document.entry(entry.id)
        if now is not None:
            self._session.selected.choose(entry.id, mask)
            if sight_of(now) != sight_of(entry):
                self._leave_out_hidden(now)

    def _follow(self, before: Document, after: Document) -> None:
        """Deselect points that become hidden, and select them again when they are shown again."""
        for entry in after.entries:
            was = before.entry(entry.id)
            if was is not None and sight_of(was) != sight_of(entry):
                self._leave_out_hidden(entry)

    def _leave_out_hidden(self, entry: OpenShape) -> None:
        """Clear the visible selection until the hidden points are known, so that no hidden point is cut."""
        selected = self._session.selected
        whole = selected.whole(entry.id)
        if whole is None:
            return
        selected.see(entry.id, None)

        def work(_: JobProgress) -> Mask:
            hidden = unseen_mask(entry)
            return whole if hidden is None else whole & ~hidden

        def put(mask: Mask) -> None:
            now = self._session.document.entry(entry.id)
            fits = now is not None and sight_of(now) == sight_of(entry)
            if fits and selected.whole(entry.id) is whole:
                selected.see(entry.id, mask)

        job = self._background.start("Select what is not hidden", work, lane=f"hidden {entry.id}")
        job.done.connect(put)

    def _end(self) -> None:
        self._job = None
        self._go_on()
        self.changed.emit()


def seen_in(
    area: Callable[[float], Area],
    camera: Camera,
    size: tuple[int, int],
    front: float | None = None,
    drawn: Int64 | None = None,
) -> Find:
    """Return a function that finds the points in an area of the camera's picture of ``size`` logical pixels.

    ``area(margin)`` returns the area, enlarged by a margin in pixels. ``front`` is the radius in pixels of a
    brush that selects only the front surface; None also selects the points behind it. ``drawn`` holds the
    rows of the points that are drawn, None for all.
    """

    def seen(cloud: PointCloud, asked: Area, tell: Progress) -> Mask:
        found = np.zeros(len(cloud), dtype=np.bool_)
        for start in range(0, len(cloud), _BLOCK):
            part = slice(start, start + _BLOCK)
            pixels, depth = project(camera, cloud.xyz[part], size)
            found[part] = asked.contains(pixels)
            if not camera.orthographic:
                found[part] &= depth > 0
            tell(start / len(cloud))
        if drawn is not None:
            there = np.zeros(len(cloud), dtype=np.bool_)
            there[drawn] = True
            found &= there
        return found

    def find(cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        if front is None:
            return seen(cloud, area(0.0), tell)
        found = seen(cloud, area(max(front / 2, _CELL)), tell)  # points beside the stroke can occlude, too
        rows = np.flatnonzero(found)
        points = cloud.xyz[rows]
        found[rows] = _in_front(points, camera, size, front)
        found[rows] &= area(0.0).contains(project(camera, points, size)[0])
        return found

    return find


def hanging_together(cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
    """Find the connected components that contain selected points."""
    from apsnet_core.editing.select import Connected

    return Connected().changed(cloud, chosen, tell)


def together_with(place: tuple[float, float, float]) -> Find:
    """Return a function that finds the connected component of the point nearest to ``place``.

    ``place`` is in the coordinates of the cloud's ``xyz``.
    """

    def find(cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        seed = np.zeros(len(cloud), dtype=np.bool_)
        seed[np.square(cloud.xyz - np.array(place, np.float32)).sum(axis=1).argmin()] = True
        return hanging_together(cloud, seed, tell)

    return find


def _in_front(points: Float32, camera: Camera, size: tuple[int, int], radius: float) -> Mask:
    """The mask of the points that no nearer points occlude.

    Points up to 1.5 times ``radius`` pixels behind the nearest point count as part of the front surface.
    """
    from apsnet_core.editing.outline import in_front

    pixels, depth = project(camera, points, size)
    per_pixel = 2 * camera.half_height / size[1]
    return in_front(pixels, depth, _CELL, 1.5 * max(radius, _CELL) * per_pixel, widest=radius / 2)


def extent_of(shape: Shape, mask: Mask) -> tuple[int, tuple[float, float, float]]:
    """The number of points of a cloud in ``mask`` (n,), and their extent along x, y and z."""
    if not isinstance(shape, PointCloud) or not mask.any():
        return 0, (0.0, 0.0, 0.0)
    points = shape.xyz[mask]
    low, high = corners(points)
    x, y, z = (high.astype(np.float64) - low).tolist()
    return len(points), (x, y, z)

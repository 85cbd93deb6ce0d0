"""A crop box whose faces a user drags: points to be removed fade, and Enter removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.crop import Box, box_around, inside
from apsnet_core.types import Mask
from apsnet_gui.jobs.background import Background, Job
from apsnet_gui.jobs.cuts import Cuts
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.selected import Mark
from apsnet_gui.viewport.ink import ink, paper
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.box_handles import TURN, Handles
from apsnet_gui.views.cloud_tool import CloudTool
from apsnet_gui.views.going import can_go
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.scene_jobs import SceneJobs

if TYPE_CHECKING:
    from apsnet_core.editing.steps import EditStep  # imports pydantic, which would delay the start

Keep = Literal["inside", "outside"]


class CropTool(CloudTool):
    """Drag a handle to move a face, the round handle to turn the box; other drags turn the camera.

    ``box`` is None until the cloud is measured. ``going`` is the mask of the points to remove, None until it
    is computed for this box. ``box_changed`` is emitted when one of them changes.
    """

    box_changed = Signal()
    keys = frozenset(int(key) for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter))

    def __init__(self, hand: Hand, background: Background, cuts: Cuts) -> None:
        super().__init__(hand)
        self._session, self._background, self._cuts = hand.session, background, cuts
        self.box: Box | None = None
        self.going: Mask | None = None
        self.keep: Keep = "inside"
        self._drag: int | None = None
        self._measuring: Job | None = None
        self._preview = SceneJobs[Mark](background, self)
        self._preview.made.connect(self._show)
        self._preview.failed.connect(lambda why: self._session.notice.emit("error", why))

    def begin(self) -> None:
        self.box, self.going, self._drag, self.keep = None, None, None, "inside"
        self._session.selected.hold("crop")
        entry = self._session.document.active
        if entry is not None and isinstance(cloud := entry.shape, PointCloud):
            up = entry.up
            job = self._background.start("Measuring the cloud", lambda _: box_around(cloud, up), lane="crop")
            self._measuring = job
            job.done.connect(lambda box: self._measured(job, box))
            job.failed.connect(lambda why: self._refuse(job, f"{entry.name} was not measured: {why}"))
            job.cancelled.connect(lambda: self._refuse(job, "No box was drawn: stopped"))

    def _measured(self, job: Job, box: Box) -> None:
        if job is self._measuring:
            self._measuring = None
            self.set_box(box)

    def _refuse(self, job: Job, why: str) -> None:
        if job is self._measuring:
            self.put_down()
            self._session.notice.emit("warning", why)

    def end(self) -> None:
        self.box = self.going = self._drag = self._measuring = None
        self._preview.forget()
        self._session.selected.preview(None)
        self._session.selected.hold("")

    def stays(self, before: Document, after: Document) -> bool:
        return before.current == after.current and super().stays(before, after)

    def set_box(self, box: Box, keep: Keep | None = None) -> None:
        """Use another box; ``keep`` chooses whether the points "inside" or "outside" are kept."""
        keep = keep or self.keep
        if (box, keep) == (self.box, self.keep):
            return
        self.box, self.going, self.keep = box, None, keep
        self.box_changed.emit()
        self.hand.redraw()
        entry = self._session.document.active
        if entry is not None:
            self._preview.ask((entry.id, box, keep), lambda: _outside(entry, box, keep))

    def apply(self) -> None:
        """Remove the faded points in one step; if no points or all points are faded, nothing happens."""
        entry, box, keep, going = self._session.document.active, self.box, self.keep, self.going
        if entry is None or box is None or (going is not None and not can_go(going)):
            return

        def step() -> EditStep:
            from apsnet_core.editing.steps import Crop

            return Crop(box=box, keep=keep)

        self.put_down()
        self._cuts.apply(entry, "Crop", step, None if going is None else ~going)

    def _show(self, mark: Mark) -> None:
        if self.held and self.box is not None:
            self.going = None if self._preview.is_outdated else mark.mask
            self._session.selected.preview(mark)
            self.box_changed.emit()

    # --- mouse and keys ---

    def press(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if event.button() == Qt.MouseButton.LeftButton and (handles := self._handles(view)) is not None:
            self._drag = handles.at(_pixel(event))
        return self._drag is not None

    def move(self, view: ViewWidget, event: QMouseEvent) -> bool:
        handles = self._handles(view)
        if self._drag is None or handles is None:
            over = handles is not None and not event.buttons() and handles.at(_pixel(event)) is not None
            view.setCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.ArrowCursor)
            return False
        self.set_box(handles.dragged(self._drag, _pixel(event)))
        return True

    def release(self, view: ViewWidget, event: QMouseEvent) -> bool:
        drag, self._drag = self._drag, None
        return drag is not None

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        if event.key() in self.keys:
            self.apply()
            return True
        return False

    # --- the drawing ---

    def _handles(self, view: ViewWidget) -> Handles | None:
        if self.box is None:
            return None
        return Handles(self.box, np.asarray(view.scene.offset), view.seen[1], view.logical)

    def paint(self, view: ViewWidget, painter: QPainter) -> None:
        handles = self._handles(view)
        if handles is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixels, depth = handles.seen(handles.places)
        for colour, width in ((paper(view.scene, 200), 3.0), (ink(view.scene), 1.2)):
            painter.setPen(QPen(colour, width))
            for start, end in handles.lines():
                painter.drawLine(QPointF(*start), QPointF(*end))
        painter.setPen(QPen(ink(view.scene), 1.5))
        for number, ((x, y), away) in enumerate(zip(pixels.tolist(), depth.tolist(), strict=True)):
            if away <= 0 and not view.camera.orthographic:
                continue
            painter.setBrush(view.palette().highlight() if number == self._drag else paper(view.scene, 255))
            if number == TURN:
                painter.drawEllipse(QPointF(x, y), 6, 6)
            else:
                painter.drawRect(round(x) - 5, round(y) - 5, 10, 10)


def _outside(entry: OpenShape, box: Box, keep: Keep) -> Mark:
    """The points that a crop would remove."""
    shape = entry.shape
    within = inside(shape, box) if isinstance(shape, PointCloud) else np.zeros(0, np.bool_)
    return Mark(entry.id, ~within if keep == "inside" else within, faded=True)


def _pixel(event: QMouseEvent) -> tuple[float, float]:
    return event.position().x(), event.position().y()

"""Cleans the current cloud: points to remove are highlighted first, and follow the slider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.types import Mask
from apsnet_core.units import with_unit
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.jobs.cuts import Cuts
from apsnet_gui.state.document import Document
from apsnet_gui.state.selected import Mark
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.cloud_tool import CloudTool
from apsnet_gui.views.going import can_go
from apsnet_gui.views.hand import Hand

if TYPE_CHECKING:
    from apsnet_core.editing.steps import EditStep  # imports pydantic, which would delay the start

REST_MS = 150  # milliseconds without a change of the slider until its value is tried


@dataclass(frozen=True)
class Cleaning:
    """A way to clean: its text, a tooltip, a slider from ``low`` to ``high``, and the step for a value.

    Values are in ``unit``; values of the unit "length" are in thousandths of the cloud's diagonal. The value
    0 is shown as the text ``zero``.
    """

    text: str
    tip: str
    low: float
    high: float
    first: float
    unit: str
    zero: str
    step: Callable[[float, float], EditStep]  # the value and the diagonal

    def said(self, value: float, diagonal: float, unit: str) -> str:
        """A value in words; lengths are in the ``unit`` of the file, or in "units" if the file has none."""
        if value == 0:
            return self.zero
        if self.unit == "length":
            return with_unit(f"{value * diagonal / 1000:.3g}", unit or "units")
        return with_unit(f"{value:.2g}", self.unit)


def _outliers(value: float, diagonal: float) -> EditStep:
    from apsnet_core.editing.steps import Outliers

    return Outliers(ratio=value)


def _duplicates(value: float, diagonal: float) -> EditStep:
    from apsnet_core.editing.steps import Duplicates

    return Duplicates(apart=value * diagonal / 1000)


def _planes(value: float, diagonal: float) -> EditStep:
    from apsnet_core.editing.steps import Planes

    return Planes(thickness=value * diagonal / 1000 or None)


CLEANINGS = (
    Cleaning("Outliers", "Points farther from their neighbours than usual", 0.5, 8.0, 3.0,
             "standard deviations", "", _outliers),
    Cleaning("Duplicates", "Points nearer to another than this", 0.0, 10.0, 0.0, "length",
             "at the same place", _duplicates),
    Cleaning("Floor and walls", "Planes that bound the cloud, as thick as this", 0.0, 20.0, 0.0, "length",
             "as thick as the noise", _planes),
)  # fmt: skip


class CleanTool(CloudTool):
    """The tool that tries a cleaning with a value. Drags turn the camera; Enter applies the cleaning.

    ``found`` is emitted when the search for the points to remove begins, and when it ends.
    """

    found = Signal()
    keys = frozenset(int(key) for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter))
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, hand: Hand, background: Background, cuts: Cuts) -> None:
        super().__init__(hand)
        self._session, self._background, self._cuts = hand.session, background, cuts
        self.which, self.value = 0, CLEANINGS[0].first
        self.going: Mask | None = None  # the points to remove, None while they are not known
        self.problem = ""
        self._job: Job | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)

    @property
    def cleaning(self) -> Cleaning:
        """The cleaning that is tried."""
        return CLEANINGS[self.which]

    @property
    def diagonal(self) -> float:
        """The diagonal of the current cloud's bounding box."""
        entry = self._session.document.active
        return float(np.linalg.norm(entry.extent)) if entry is not None else 1.0

    @property
    def unit(self) -> str:
        """The unit of length of the current cloud, empty if its file has none."""
        entry = self._session.document.active
        return entry.shape.unit if entry is not None else ""

    def begin(self) -> None:
        self._session.selected.hold("clean")
        self.set(0, CLEANINGS[0].first)

    def end(self) -> None:
        self._rest.stop()
        self._stop()
        self.going = None
        self._session.selected.preview(None)
        self._session.selected.hold("")

    def stays(self, before: Document, after: Document) -> bool:
        return before.current == after.current and super().stays(before, after)

    def set(self, which: int, value: float) -> None:
        """Try the cleaning number ``which`` with a value."""
        self.which, self.value = which, value
        self.going, self.problem = None, ""
        self._stop()
        self._rest.start()
        self.found.emit()

    def apply(self) -> None:
        """Remove the highlighted points in one step; if none or all are highlighted, nothing happens."""
        entry, going = self._session.document.active, self.going
        if entry is None or going is None or not can_go(going):
            return
        make, value, diagonal = self.cleaning.step, self.value, self.diagonal
        self.put_down()
        self._cuts.apply(
            entry, f"Clean: {CLEANINGS[self.which].text.lower()}", lambda: make(value, diagonal), ~going
        )

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        if event.key() in self.keys:
            self.apply()
            return True
        return False

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _look(self) -> None:
        """Search the points to remove in the background; a newer value discards the result."""
        entry = self._session.document.active
        if not self.held or entry is None or not isinstance(cloud := entry.shape, PointCloud):
            return
        make, value, diagonal, up, title = (
            self.cleaning.step, self.value, self.diagonal, entry.up, "Searching the points to remove",
        )  # fmt: skip

        def work(progress: JobProgress) -> Mark:
            step = make(value, diagonal)
            return Mark(entry.id, ~step.kept(cloud, up, lambda share: progress.report(share, title)))

        self._job = job = self._background.start(title, work, lane="clean")
        job.done.connect(lambda mark: self._show(job, mark))
        job.failed.connect(lambda why: self._fail(job, why))
        job.cancelled.connect(lambda: self._fail(job, "stopped"))

    def _show(self, job: Job, mark: Mark) -> None:
        if job is self._job and self.held:
            self._job, self.going = None, mark.mask
            self._session.selected.preview(mark)
            self.found.emit()

    def _fail(self, job: Job, why: object) -> None:
        if job is self._job:
            self._job, self.problem = None, str(why)
            self._session.selected.preview(None)
            self.found.emit()

"""Sample the active shape after each change of the document; a new request cancels the previous one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from apsnet_core.cloud import PointCloud
from apsnet_core.sampling import Sampling
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.jobs.parts_sampling import sampled_in_parts
from apsnet_gui.jobs.working_cloud import changed_cloud, result_of
from apsnet_gui.state.document import Choice, Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.result import Measures, Result
from apsnet_gui.state.samples_key import key_of
from apsnet_gui.state.session import Session
from apsnet_gui.state.what_if import WhatIf

DEBOUNCE_MS = 60
CANCELLED = "{} was not {} to the end: you have cancelled it. Sample again (Ctrl+Return) begins anew"


@dataclass(frozen=True)
class SamplingRequest:
    """Everything that a sampling depends on.

    ``there`` is an earlier result with the same samples, whose edits may differ, or None.
    """

    entry: OpenShape
    choice: Choice
    what_if: WhatIf
    there: Result | None = None

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The key of the request; requests with equal keys give the same samples."""
        what_if = self.what_if
        edit = what_if.edit_of(key_of(self.entry, self.choice, what_if.change))
        return self.entry.id, self.entry.up, self.choice, what_if.change, what_if.turn, what_if.other, edit


class LiveSampling(QObject):
    """Listens to the session and samples after each change.

    The session gets the samples before their distances are measured, because measuring a large scan takes
    longer than sampling it.
    """

    _found = Signal(object, object)

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self._shown: tuple[Hashable, ...] | None = None
        self._afresh = False
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._start)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        session.changed.connect(self._look)
        session.sampled.connect(self._forget)

    def restart(self) -> None:
        """Repeat the current sampling, to measure its time again."""
        self._shown, self._afresh = None, True
        self._look()

    def renew(self, weights: str) -> None:
        """Sample again if ``weights`` are in use; call this when their file has changed."""
        choice = self._session.document.choice
        if weights in (choice.spec.weights, choice.net):
            self.restart()

    def _wanted(self) -> SamplingRequest | None:
        document, there = self._session.document, self._session.result
        entry, choice, what_if = document.active, document.choice, document.what_if
        if entry is None:
            return None
        same = there is not None and there.key == key_of(entry, choice, what_if.change) and not self._afresh
        return SamplingRequest(entry, choice, what_if, there if same else None)

    def _look(self, before: Document | None = None, after: Document | None = None) -> None:
        wanted = self._wanted()
        # While methods are compared side by side, the comparison does the sampling.
        if wanted is None or self._session.document.lineup.shown:
            self._shown = None
            self._timer.stop()
            self._session.set_busy(False)
            return
        if wanted.key == self._shown:
            return
        self._shown = wanted.key
        self._session.set_busy(True)
        self._timer.start()

    def _forget(self, result: Result | None) -> None:
        """When the result is dropped with its shape, forget it, so that a reopened shape is sampled again."""
        if result is None:
            self._shown = None

    def _start(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            self._session.set_busy(False)
            return
        self._afresh = False

        def work(progress: JobProgress) -> Measures:
            result = sampled(wanted, progress)
            self._found.emit(wanted, result)
            return measured(result, progress)

        job = self._background.start(f"Sampling {wanted.entry.name}", work, lane="sampling")
        job.done.connect(lambda measures: self._finish(wanted, measures))
        job.failed.connect(lambda why: self._fail(wanted, why))
        job.cancelled.connect(lambda: self._stop(wanted, job))
        self._job = job

    @Slot(object, object)
    def _take(self, wanted: SamplingRequest, result: Result) -> None:
        if wanted.key == self._shown:
            self._session.set_result(result)

    def _finish(self, wanted: SamplingRequest, measures: Measures) -> None:
        if wanted.key == self._shown:
            self._session.set_busy(False)
            self._session.set_measures(measures)

    def _fail(self, wanted: SamplingRequest, why: Exception) -> None:
        if wanted.key == self._shown:
            self._session.set_busy(False)
            self._session.set_result(None)
            self._shown = wanted.key  # do not try again before something changes
            self._session.notice.emit("error", f"{wanted.entry.name} was not sampled: {why}")

    def _stop(self, wanted: SamplingRequest, job: Job) -> None:
        """Handle a job that the user has cancelled: drop samples of other settings, which would be stale."""
        if job is not self._job or wanted.key != self._shown:
            return  # a newer job has replaced this one
        self._session.set_busy(False)
        there = self._session.result
        if there is None or there.key != key_of(wanted.entry, wanted.choice, wanted.what_if.change):
            self._session.set_result(None)
            self._shown = wanted.key  # do not try again before something changes
        self._session.notice.emit("info", CANCELLED.format(wanted.entry.name, "sampled"))


def sampled(wanted: SamplingRequest, progress: JobProgress) -> Result:
    """Sample as requested and return the result. Runs on a worker thread."""
    progress.report(None, "points")
    cloud = changed_cloud(wanted.entry.shape, wanted.choice, wanted.what_if.change)
    there = wanted.there
    found = there.found if there and there.cloud is cloud else sample(wanted, cloud, progress)
    return result_of(wanted.entry, wanted.choice, wanted.what_if, cloud, found)


def measured(result: Result, progress: JobProgress) -> Measures:
    """Measure the distances and the coverage of ``result``. Runs on a worker thread."""
    from apsnet_core.ops.sample_distances import distances

    progress.report(None, "measures")
    return Measures(*distances(result.cloud.xyz, result.sampling.points))


def sample(wanted: SamplingRequest, cloud: PointCloud, progress: JobProgress) -> Sampling:
    """Sample ``cloud`` with the chosen method."""
    from apsnet_core.methods.creating import create
    from apsnet_core.methods.warm_time import timed

    choice, entry = wanted.choice, wanted.entry
    progress.report(None, choice.spec.label)
    parts = sampled_in_parts(cloud, choice, entry.up, lambda share: progress.report(share, "part by part"))
    if parts is not None:
        return parts
    working = choice.working or None if choice.spec.row.learned else None
    sampler = create(choice.spec, choice.task, entry.up, working=working)
    return timed(lambda: sampler.sample(cloud, min(choice.m, len(cloud)), choice.seed), len(cloud))

"""Jobs on worker threads with progress, cancellation and error reports; results go to the GUI thread."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from PySide6.QtCore import QMetaMethod, QObject, Qt, QTimer, Signal, Slot

Work = Callable[["JobProgress"], Any]  # its return value is the argument of `Job.done`

STEP_BACK = 5  # added to the nice value of 0 to 19; without it, two busy cores doubled the window's delays
SWITCH_SECONDS = 0.0005  # the longest that the GUI thread waits for another Python thread


class Cancelled(Exception):
    """Raised inside a job by `JobProgress.report` after the job was cancelled."""


class JobProgress:
    """The argument of a job's function: it reports the progress, and ends the job when it is cancelled."""

    def __init__(self, tell: Callable[[float | None, str], None]) -> None:
        self._tell = tell
        self._stop = Event()

    @property
    def cancelled(self) -> bool:
        """Whether the job was cancelled."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the job to end."""
        self._stop.set()

    def report(self, fraction: float | None = None, text: str = "") -> None:
        """Report a ``fraction`` in 0..1, or None if the total is unknown. Raises `Cancelled`."""
        if self.cancelled:
            raise Cancelled
        self._tell(fraction, text)


class Job(QObject):
    """A function that runs on a worker thread.

    It emits ``done``, ``failed`` or ``cancelled``, and then ``ended``, on the GUI thread.
    """

    progressed = Signal(object, str)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()

    def __init__(
        self, parent: QObject, title: str, work: Work, lane: str | None, needed: bool = False
    ) -> None:
        super().__init__(parent)
        self.title, self.lane, self.text, self.needed = title, lane, "", needed
        self.fraction: float | None = None
        self.started = time.monotonic()
        self._work = work
        self.progress = JobProgress(lambda fraction, text: self.progressed.emit(fraction, text))
        self.progressed.connect(self._remember, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the job to end; its result is discarded."""
        self.progress.cancel()

    def run(self) -> tuple[Any, BaseException | None]:
        """Return (result, None), or (None, exception) if the function raised; called once, on a worker."""
        work, self._work = self._work, lambda _: None  # release the objects that the function refers to
        try:
            if self.progress.cancelled:
                return None, Cancelled()
            return work(self.progress), None
        except BaseException as why:
            return None, why

    @Slot(object, str)
    def _remember(self, fraction: float | None, text: str) -> None:
        self.fraction, self.text = fraction, text


def step_back() -> None:
    """Lower the priority of this thread, so that the GUI thread runs first if all cores are busy (Linux)."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + STEP_BACK)


class Background(QObject):
    """Runs jobs on a few threads.

    Jobs of the same ``lane`` replace each other: a new job cancels the earlier ones, so that a stale result
    never replaces a newer one. ``unheard(sentence)`` reports the failure of a job whose ``failed`` is not
    connected.
    """

    changed = Signal()
    unheard = Signal(str)
    _returned = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 4) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="background", initializer=step_back)
        self._closed = False
        self._held: list[Job] | None = None
        self.jobs: list[Job] = []
        self._returned.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def start(
        self, title: str, work: Work, *, lane: str | None = None, at_once: bool = False, needed: bool = False
    ) -> Job:
        """Queue ``work(progress)``. Connect to the job's signals before control returns to the event loop.

        With ``at_once`` the job runs even while other jobs are held; its work must import nothing.
        `cancel_all` does not cancel a job that is ``needed``, for instance to show the program's own state.
        """
        if lane is not None:
            for job in self.jobs:
                if job.lane == lane:
                    job.cancel()
        job = Job(self, title, work, lane, needed)
        self.jobs.append(job)
        job.progressed.connect(self.changed)
        if self._closed:
            self._returned.emit(job, None, Cancelled())
        elif self._held is not None and not at_once:
            self._held.append(job)
        else:
            self._pool.submit(self._run, job)
        QTimer.singleShot(0, self, self.changed.emit)
        return job

    def hold(self) -> None:
        """Let jobs wait until `release`, because only one thread should import the large libraries.

        Two threads that import modules of the same package can deadlock or get incomplete modules.
        """
        self._held = []

    def release(self) -> None:
        """Run the jobs that have waited since `hold`."""
        held, self._held = self._held or [], None
        for job in held:
            self._pool.submit(self._run, job)

    def cancel_all(self) -> None:
        """Cancel all jobs; those that are ``needed`` continue, except after `close`."""
        for job in self.jobs:
            if self._closed or not job.needed:
                job.cancel()

    def close(self) -> None:
        """Cancel all jobs and wait for the threads; jobs started later are cancelled immediately."""
        self._closed = True
        self.cancel_all()
        self.release()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: Job) -> None:
        result, why = job.run()
        self._returned.emit(job, result, why)

    @Slot(object, object, object)
    def _end(self, job: Job, result: Any, why: BaseException | None) -> None:
        self.jobs.remove(job)
        if isinstance(why, OSError) and why.strerror:  # str(why) would begin with, for instance, [Errno 30]
            from apsnet_core.files.errors import of_the_system

            why = OSError(of_the_system(why))
        if job.progress.cancelled or isinstance(why, Cancelled):
            job.cancelled.emit()
        elif why is not None:
            if not job.isSignalConnected(QMetaMethod.fromSignal(job.failed)):
                self.unheard.emit(f"{job.title} failed: {why}")
            job.failed.emit(why)
        else:
            job.done.emit(result)
        job.ended.emit()
        self.changed.emit()
        job.deleteLater()

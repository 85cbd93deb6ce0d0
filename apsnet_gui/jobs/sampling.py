"""Keeps the session's sampling what its document asks for: one job at a time, the newest wins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_gui.document import Choice, Document, Entry, Shape
from apsnet_gui.jobs.background import Background, Progress
from apsnet_gui.methods import learned
from apsnet_gui.session import Result, Session

DEBOUNCE_MS = 60


@dataclass(frozen=True)
class Wanted:
    """All that a sampling depends on."""

    entry: Entry
    choice: Choice

    @property
    def key(self) -> tuple[Any, ...]:
        return self.entry.id, self.entry.up, self.choice


class LiveSampling(QObject):
    """Listens to the session; ``restart`` computes the same again, for its time."""

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self._shown: tuple[Any, ...] | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._start)
        session.changed.connect(self._look)

    def restart(self) -> None:
        self._shown = None
        self._look()

    def _wanted(self) -> Wanted | None:
        entry = self._session.document.active
        return Wanted(entry, self._session.document.choice) if entry else None

    def _look(self, before: Document | None = None, after: Document | None = None) -> None:
        if self._session.document.lineup.shown:  # the comparison samples for all of its methods
            self._shown = None
            self._timer.stop()
            self._session.set_busy(False)
            return
        wanted = self._wanted()
        if wanted is None or wanted.key == self._shown:
            return
        self._shown = wanted.key
        self._session.set_busy(True)
        self._timer.start()

    def _start(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            self._session.set_busy(False)
            return
        title = f"Sampling {wanted.entry.name}"
        job = self._background.start(title, lambda progress: compute(wanted, progress), lane="sampling")
        job.done.connect(lambda result: self._finish(wanted, result))
        job.failed.connect(lambda why: self._fail(wanted, why))

    def _finish(self, wanted: Wanted, result: Result) -> None:
        if wanted.key == self._shown:
            self._session.set_busy(False)
            self._session.set_result(result)

    def _fail(self, wanted: Wanted, why: Exception) -> None:
        if wanted.key == self._shown:
            self._session.set_busy(False)
            self._session.set_result(None)
            self._session.notice.emit("error", f"{wanted.entry.name} was not sampled: {why}")


def compute(wanted: Wanted, progress: Progress) -> Result:
    """Sample and measure. Runs on a worker thread."""
    from apsnet_core.evaluation.compare import distances
    from apsnet_core.samplers import registry

    choice, entry = wanted.choice, wanted.entry
    progress.report(None, "points")
    cloud = working_cloud(entry.shape, choice)
    progress.report(None, choice.spec)
    up: Literal["y", "z"] = "y" if entry.up == "y" else "z"
    sampler = registry.create(registry.MethodSpec.parse(choice.spec), choice.task, up)
    if choice.working and learned(choice.method):
        from apsnet_core.samplers.learned import LearnedSampler

        assert isinstance(sampler, LearnedSampler)
        sampler = replace(sampler, working=choice.working)
    sampling = sampler.sample(cloud, min(choice.m, len(cloud)), choice.seed)
    progress.report(None, "measures")
    chamfer, hausdorff, coverage = distances(cloud.xyz, sampling.points)
    return Result(entry.id, choice, cloud, sampling, chamfer, hausdorff, coverage)


def working_cloud(shape: Shape, choice: Choice) -> PointCloud:
    """What is sampled: points drawn from a mesh's surface, or a cloud as it is."""
    return _surface(shape, choice.surface, choice.seed) if isinstance(shape, TriangleMesh) else shape


# The same question gets the same object, so that views see that nothing changed.
@lru_cache(maxsize=8)
def _surface(mesh: TriangleMesh, n: int, seed: int) -> PointCloud:
    from apsnet_core.ops.surface import sample_surface

    return sample_surface(mesh, n, seed)

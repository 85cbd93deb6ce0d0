"""The state of a queue for the window, read only from its folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from apsnet_core.training.run_log import complaint
from apsnet_core.training.runs import Run

if TYPE_CHECKING:
    from apsnet_core.training.queue import Place, Queue

Phase = Literal["running", "stopping", "stopped", "finished", "broken"]


@dataclass(frozen=True, eq=False)
class QueueState:
    """The ``places`` of the queue in ``folder``, in order; ``medians`` are the folders of the median seeds.

    ``command`` is the shell command that runs the queue. A "stopped" queue is not finished, and no process
    runs it; ``why`` is the error, if there was one. ``left`` is in seconds, None if unknown.
    """

    folder: Path
    phase: Phase
    places: tuple[Place, ...] = ()
    medians: frozenset[Path] = frozenset()
    command: str = ""
    why: str = ""
    left: float | None = None

    @property
    def name(self) -> str:
        """The name of the queue's folder."""
        return self.folder.resolve().name

    @property
    def active(self) -> bool:
        """Whether a process runs the queue."""
        return self.phase in ("running", "stopping")

    @property
    def finished(self) -> int:
        """The number of finished trainings."""
        return sum(each.finished for each in self.places)

    @property
    def counts(self) -> dict[str, int]:
        """The number of trainings in each phase, in the order of the queue."""
        return dict(Counter(each.phase for each in self.places))


class QueueReader:
    """Reads one queue repeatedly. `read` returns the same object while nothing has changed."""

    def __init__(
        self, folder: Path, alive: Callable[[Path], int | None] = lambda folder: Run(folder).trained_by()
    ) -> None:
        self.folder = folder
        self._run, self._alive = Run(folder), alive
        self._known: tuple[int, Queue, str, int] | None = None
        self._seen: tuple[object, ...] = ()
        self._state = QueueState(folder, "broken")

    def read(self) -> QueueState:
        """The state of the queue. Raises nothing: a queue that cannot be read is "broken"."""
        # Imported here, so that a window without a queue does not wait for pydantic.
        from apsnet_core.training.config import ConfigError
        from apsnet_core.training.queue import medians, time_left

        try:
            queue, command, at_once = self._opened()
            places = queue.places()
        except (ConfigError, OSError) as why:
            if self._state.why != str(why):
                self._state = QueueState(self.folder, "broken", why=str(why))
            return self._state
        process = self._alive(self.folder)
        stopping = self._run.stop_file.exists()
        seen = (process, stopping, *(id(each.state) for each in places))
        if seen == self._seen:
            return self._state
        self._seen = seen
        done = all(each.finished for each in places)
        phase: Phase = "finished" if done else "stopped"
        if process is not None:
            phase = "stopping" if stopping else "running"
        said = complaint(self.folder) if phase == "stopped" else ""
        self._state = QueueState(
            self.folder,
            phase,
            tuple(places),
            frozenset(medians(places)),
            command,
            said,
            time_left(places, at_once) if phase != "finished" else None,
        )
        return self._state

    def _opened(self) -> tuple[Queue, str, int]:
        """Return the queue, its command and the number at once, read again if the order file has changed."""
        from apsnet_core.training.order import read_order
        from apsnet_core.training.queue import Queue
        from apsnet_core.weights.run_folders import ORDER

        written = (self.folder / ORDER).stat().st_mtime_ns
        if self._known is None or self._known[0] != written:
            order = read_order(self.folder)
            queue = Queue(self.folder, order.work(self.folder))
            self._known = written, queue, order.command(self.folder), order.at_once
            self._seen = ()
        return self._known[1:]

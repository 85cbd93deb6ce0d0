"""Watch trainings, which are processes that outlive the window; the window reads only their folders."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from apsnet_core.atomic import write_text
from apsnet_core.training.find_runs import discard
from apsnet_core.training.launch import Process
from apsnet_core.training.queue_state import QueueReader, QueueState
from apsnet_core.training.run_reader import RunReader
from apsnet_core.training.run_state import RunState
from apsnet_core.training.runs import Run, RunError
from apsnet_core.training.usage import Gauge
from apsnet_core.weights.run_folders import chosen_folders, queues_in, run_folders
from apsnet_gui.training import process
from apsnet_gui.training.words import end_of_queue, end_of_run

if TYPE_CHECKING:
    from apsnet_core.training.order import Order

WATCH_MS, LOOK_MS = 500, 2000
LATE_S = 60.0  # a new folder with a training that ended before that was moved or copied: report no end


class TrainingWatch(QObject):
    """Watches every run in the known folders, whoever started it; several windows may watch the same run.

    ``run_changed(RunState)`` reports a new or changed run, ``run_gone(Path)`` a removed one;
    ``queue_changed(QueueState)`` and ``queue_gone(Path)`` do the same for queues, whose trainings are also
    reported as runs. ``ready`` follows the first look. ``improved(RunState)`` reports better weights,
    ``learned(RunState)`` the weights of another epoch, ``ended(RunState)`` the end of a training. ``kept``
    is emitted when the user's own weights have changed, for instance from another window.
    ``notice(level, text)`` is a message.
    """

    run_changed = Signal(object)
    run_gone = Signal(object)
    queue_changed = Signal(object)
    queue_gone = Signal(object)
    ready = Signal()
    improved = Signal(object)
    learned = Signal(object)
    ended = Signal(object)
    kept = Signal()
    notice = Signal(str, str)
    _looked = Signal(object, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: dict[Path, RunState] = {}
        self.queues: dict[Path, QueueState] = {}
        self.is_ready = False
        self._readers: dict[Path, RunReader] = {}
        self._queue_readers: dict[Path, QueueReader] = {}
        self._own: dict[Path, Process] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="training")
        self._looking = self._closed = False
        self._own_weights: int | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self._looked.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def folders(self) -> list[Path]:
        """The folders of trainings, read from the shared list each time; new trainings go into the first."""
        return chosen_folders()

    @property
    def active(self) -> list[RunState]:
        """The runs with a running process."""
        return [state for state in self.runs.values() if state.active]

    def look(self) -> None:
        """Read the folders on a worker thread; a timer repeats that."""
        if self._looking or self._closed:
            return
        self._looking = True
        self._thread.submit(self._read)

    def close(self) -> None:
        """Stop watching the trainings, which continue."""
        self._closed = True
        self._timer.stop()
        self._thread.shutdown(wait=True)

    # --- what a user does ---

    def start(self, name: str, toml: str, after: Sequence[Path] = ()) -> Path:
        """Start the training that ``toml`` describes in a folder of this name; it waits for those ``after``.

        Raises OSError if the folder cannot be written.
        """
        folder = self.folders[0] / name
        self._own[folder] = process.start(folder, toml, after)
        self.look()
        return folder

    def start_queue(self, name: str, order: Order, files: Mapping[str, str]) -> Path:
        """Start the queue of ``order`` in a folder of this name, with ``files`` (name to text) in it.

        Raises OSError if the folder cannot be written, and leaves no folder behind.
        """
        home = self.folders[0] / name
        home.mkdir(parents=True)
        try:
            for file, text in files.items():
                write_text(home / file, text)
            order.write(home)
            self._own[home] = process.start_queue(home)
        except OSError:
            shutil.rmtree(home, ignore_errors=True)
            raise
        self.look()
        return home

    def go_on_with(self, state: QueueState) -> None:
        """Continue the unfinished trainings of a queue."""

        def begin() -> None:
            self._own[state.folder] = process.start_queue(state.folder)

        self._try(state, "did not go on", begin)

    def stop_queue(self, state: QueueState) -> None:
        """Ask a queue to stop; its active trainings end after a checkpoint."""
        self._try(state, "was not asked to stop", (state.folder / "stop").touch)

    def delete_queue(self, state: QueueState) -> None:
        """Move the folder of a queue, with all its runs, to the trash folder beside it."""
        self._try(state, "was not deleted", lambda: discard(Run(state.folder)))

    def resume(self, state: RunState) -> None:
        """Continue a run from its last checkpoint."""

        def begin() -> None:
            self._own[state.folder] = process.resume(state.folder)

        self._try(state, "was not resumed", begin)

    def stop(self, state: RunState) -> None:
        """Ask a run to end after a checkpoint; a paused run is resumed first."""

        def ask() -> None:
            (state.folder / "stop").touch()
            if state.phase == "paused" and state.process is not None:
                process.go_on(state.process)

        self._try(state, "was not asked to stop", ask)

    def pause(self, state: RunState) -> None:
        """Suspend the process of a run, or resume it if it is suspended."""
        act = process.go_on if state.phase == "paused" else process.pause
        if state.process is not None:
            pid = state.process
            self._try(state, "was not paused", lambda: act(pid))

    def kill(self, state: RunState) -> None:
        """End a run immediately; the work since its last checkpoint is lost."""
        if state.process is not None:
            pid = state.process
            self._try(state, "was not ended", lambda: process.kill(pid))

    def delete(self, state: RunState) -> None:
        """Move the folder of a run to the trash folder beside it."""
        self._try(state, "was not deleted", lambda: discard(Run(state.folder)))

    def _try(self, state: RunState | QueueState, failed: str, act: Callable[[], object]) -> None:
        """Call ``act`` and report its errors: another window or the command line may have changed the run."""
        try:
            act()
        except RunError as why:
            self.notice.emit("warning", str(why))
        except OSError as why:
            gone = not state.folder.exists()
            moved = "warning", "it was moved or deleted elsewhere"
            level, said = moved if gone else ("error", why.strerror or str(why))
            self.notice.emit(level, f"{state.name} {failed}: {said}")
        self.look()

    # --- watching ---

    def _read(self) -> None:
        """Read the state of every run and queue; called on the worker thread."""
        from apsnet_core.weights.listing import user_weights  # loads pydantic, which would delay the start

        try:
            folders = [run for place in run_folders() for run in process.run_folders(place)]
            self._readers = {
                folder: self._readers.get(folder) or RunReader(folder, self._process_of, Gauge())
                for folder in folders
            }
            queues = [queue for place in self.folders for queue in queues_in(place)]
            self._queue_readers = {
                queue: self._queue_readers.get(queue) or QueueReader(queue, self._process_of)
                for queue in queues
            }
            self._looked.emit(
                {folder: reader.read() for folder, reader in self._readers.items()},
                {folder: reader.read() for folder, reader in self._queue_readers.items()},
                _changed(user_weights()),
                None,
            )
        except Exception as why:  # the executor would hide the exception
            self._looked.emit(self.runs, self.queues, self._own_weights, why)

    def _process_of(self, folder: Path) -> int | None:
        """The process id of a run; a process of this window may not have written its id yet."""
        own = self._own.get(folder)
        return own.pid if own is not None and own.poll() is None else Run(folder).trained_by()

    @Slot(object, object, object, object)
    def _take(
        self,
        found: dict[Path, RunState],
        queues: dict[Path, QueueState],
        own_weights: int | None,
        why: Exception | None,
    ) -> None:
        self._looking = False
        if self._closed:
            return
        if why is not None:
            self.notice.emit("error", f"The trainings cannot be watched: {why}")
        self._take_queues(queues)
        before, self.runs = self.runs, found
        for folder in before.keys() - found.keys():
            self.run_gone.emit(folder)
        for folder, state in found.items():
            old = before.get(folder)
            if state is old:
                continue
            self.run_changed.emit(state)
            if old is None and not self.is_ready:
                continue
            if state.best_written != (old.best_written if old else 0):
                self.improved.emit(state)
            if state.latest_written != (old.latest_written if old else 0):
                self.learned.emit(state)
            came = old is None and 0 < state.told < time.time() - LATE_S
            if (old is None or old.active) and not state.active and not came:
                self.notice.emit(*end_of_run(state))
                self.ended.emit(state)
        if self._own_weights != own_weights and self.is_ready:
            self.kept.emit()
        self._own_weights = own_weights
        if not self.is_ready:
            self.is_ready = True
            self.ready.emit()
        self._timer.start(WATCH_MS if self.active else LOOK_MS)

    def _take_queues(self, found: dict[Path, QueueState]) -> None:
        before, self.queues = self.queues, found
        for folder in before.keys() - found.keys():
            self.queue_gone.emit(folder)
        for folder, state in found.items():
            old = before.get(folder)
            if state is old:
                continue
            self.queue_changed.emit(state)
            if old is not None and old.active and not state.active and self.is_ready:
                self.notice.emit(*end_of_queue(state))


def _changed(folder: Path) -> int | None:
    """The modification time of ``folder``, which changes when files are added or removed; None if missing."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None

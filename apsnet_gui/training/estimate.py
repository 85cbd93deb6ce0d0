"""Estimate how long a training will take by timing its first steps in a separate process."""

from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.scratch import prefix
from apsnet_core.training.run_reader import RunReader
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.training import process

ENOUGH_SECONDS = 4.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """The ``seconds`` that the whole training takes without validation, and its ``memory`` in bytes."""

    seconds: float
    memory: int


class NoEstimate(Exception):
    """Raised if the training ends before it can be timed; the message is the reason why it ended."""


def estimate(toml: str, progress: JobProgress) -> Cost:
    """Time the first steps of the training that ``toml`` describes.

    This takes several seconds, so call it on a worker thread. Raises `NoEstimate`.
    """
    import psutil

    with tempfile.TemporaryDirectory(prefix=prefix("estimate"), ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / "run"
        child = process.try_out(folder, toml)
        reader = RunReader(folder, lambda _: child.pid if child.poll() is None else None)
        first: tuple[float, int] | None = None
        memory = 0
        try:
            while True:
                progress.report(None, "a few steps")
                state = reader.read()
                with contextlib.suppress(psutil.Error):
                    memory = max(memory, psutil.Process(child.pid).memory_info().rss)
                if state.step and first is None:
                    first = time.monotonic(), state.step
                if first is not None and state.step > first[1]:
                    spent, done = time.monotonic() - first[0], state.step - first[1]
                    if spent >= ENOUGH_SECONDS:
                        return Cost(spent / done * state.steps, memory)
                if not state.active:
                    if state.phase == "finished":
                        return Cost(0.0, memory)
                    raise NoEstimate(state.why)
                time.sleep(LOOK_SECONDS)
        finally:
            child.kill()
            child.wait()
            child.let_go()

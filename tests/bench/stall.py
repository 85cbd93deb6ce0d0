"""Measure the rounds of an event loop, during which the window does not respond."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

STALL = 0.05


class Rounds:
    """Measures all rounds from `start` to `stop`; ``doing`` is the name of the current action.

    In each round the loop handles the events of mouse and keyboard, posted events and timers.

    The own time of a round is its wall time less the time that the threads of the process waited for a
    processor, but at least the CPU time of the process.
    """

    def __init__(self) -> None:
        from PySide6.QtCore import QAbstractEventDispatcher, QTimer

        self.doing = "start"
        self._rounds: list[tuple[float, float, str]] = []
        self._timer: Any = QTimer(interval=1)  # so that no round waits longer than 1 ms for an event
        self._loop: Any = QAbstractEventDispatcher.instance()

    def start(self) -> None:
        self._last = time.perf_counter(), time.process_time(), waited()
        self._timer.start()
        self._loop.awake.connect(self._beat)

    def stop(self) -> tuple[float, float]:
        """Stop, and return the longest own time and the longest wall time of a round in seconds."""
        self._timer.stop()
        self._loop.awake.disconnect(self._beat)
        for own, clock, name in sorted(self._rounds)[-5:]:
            print(f"{1000 * own:.0f} ms of {1000 * clock:.0f}: {name}", file=sys.stderr)
        return max(self._rounds)[0], max(clock for _, clock, _ in self._rounds)

    def _beat(self) -> None:
        now = time.perf_counter(), time.process_time(), waited()
        clock, computed, queued = (after - before for after, before in zip(now, self._last, strict=True))
        self._rounds.append((min(clock, max(computed, clock - queued)), clock, self.doing))
        self._last = time.perf_counter(), now[1], now[2]


def waited() -> float:
    """The seconds that the threads of this process were ready to run but waited for a processor.

    It is 0 if the system does not report it.
    """
    total = 0
    for thread in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # the thread may have ended
            total += int(thread.read_text().split()[1])
    return total / 1e9

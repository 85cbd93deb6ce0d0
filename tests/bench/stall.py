"""How long the rounds of an event loop take: the time that the window itself stands still."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

STALL = 0.05


class Rounds:
    """Counts from `start` to `stop`; ``doing`` names what is done meanwhile.

    In each round the loop takes what the mouse and the keyboard sent, and all that was posted and is due.

    A round's own time is what remains of it once that is taken off which its threads stood in the queue for
    the processor; never less than the process computed.
    """

    def __init__(self) -> None:
        from PySide6.QtCore import QAbstractEventDispatcher, QTimer

        self.doing = "start"
        self._rounds: list[tuple[float, float, str]] = []
        self._timer: Any = QTimer(interval=1)  # no round waits longer than that for something to do
        self._loop: Any = QAbstractEventDispatcher.instance()

    def start(self) -> None:
        self._last = time.perf_counter(), time.process_time(), waited()
        self._timer.start()
        self._loop.awake.connect(self._beat)

    def stop(self) -> tuple[float, float]:
        """The longest in seconds: of its own, and by the clock."""
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
    """Seconds that the threads of this process have been ready to run while the processor served others.

    0 where the system does not tell.
    """
    total = 0
    for thread in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # it has just ended
            total += int(thread.read_text().split()[1])
    return total / 1e9

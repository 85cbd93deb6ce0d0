"""A measurement that survives another machine: our time or memory against someone else's, in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["at least", "at most"]
_REST = 0.02  # seconds


@dataclass(frozen=True)
class Ratio:
    """``ours`` against ``theirs``, seconds unless ``unit`` says otherwise.

    ``at least``: theirs / ours must reach ``bound`` (we are that many times faster or smaller).
    ``at most``: ours / theirs must not pass ``bound`` (we may cost that much more).
    ``bound`` None: reported only.
    """

    name: str
    ours: float
    theirs: float
    bound: float | None = None
    kind: Kind = "at least"
    threads: int = 1
    note: str = ""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        above, below = (self.theirs, self.ours) if self.kind == "at least" else (self.ours, self.theirs)
        return above / below if below else float("inf")

    @property
    def ok(self) -> bool:
        if self.bound is None:
            return True
        return self.ratio >= self.bound if self.kind == "at least" else self.ratio <= self.bound


def medians(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 5, warm_up: int = 1
) -> tuple[float, float]:
    """Median seconds of each, taken in turns so that a busy moment of the machine hits both.

    Each begins after a rest: OpenMP's threads of the other spin for some milliseconds after their work.
    """
    for _ in range(warm_up):
        ours()
        theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, into in zip((ours, theirs), times, strict=True):
            time.sleep(_REST)
            began = time.perf_counter()
            call()
            into.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])

"""A measurement that holds on other machines: our time or memory against a reference in the same run."""

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
    """``ours`` against ``theirs``, in ``unit``, which is seconds by default.

    ``at least``: theirs / ours must be at least ``bound`` (ours is that many times faster or smaller).
    ``at most``: ours / theirs must be at most ``bound`` (ours may be that many times slower or larger).
    A ``bound`` of None only reports the ratio.
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
    """The median seconds of both, measured in turn so that other load on the machine affects both.

    There is a pause before each call, because OpenMP's threads spin for some milliseconds after their work.
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

"""The time of a sample: measured several times after a warm-up, with the name of the machine."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from apsnet_core.doctor import processor
from apsnet_core.networks.device import chosen_device
from apsnet_core.placing import counted

RUNS = 9
BUDGET = 0.5
"""Seconds for all runs of one sample: a slow sample is timed fewer times, but at least once."""

_FEWEST = 6
"""The fastest and slowest of this many runs enclose the true median with 97 %; of fewer, with under 95 %."""


@dataclass(frozen=True)
class Times:
    """The median ``seconds`` of ``runs``, and its 95 % interval, which is None for too few runs."""

    seconds: float
    low: float | None = None
    high: float | None = None
    runs: int = 1

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """Times from the ``seconds`` of each run; order statistics give the interval for any distribution."""
        middle, count, each = statistics.median(seconds), len(seconds), sorted(seconds)
        if count < _FEWEST:
            return cls(middle, runs=count)
        from scipy.stats import binom

        rank = int(binom.ppf(0.025, count, 0.5))
        return cls(middle, each[rank - 1], each[count - rank], count)

    def surely_below(self, other: Times) -> bool:
        """Whether both have intervals, and this one is entirely below the other."""
        return self.high is not None and other.low is not None and self.high < other.low


def measured(run: Callable[[], float], runs: int = RUNS, budget: float = BUDGET) -> Times:
    """Time ``run``, which returns its seconds and must have run once before, so that everything is loaded."""
    found: list[float] = []
    while not found or (len(found) < runs and sum(found) < budget):
        found.append(run())
    return Times.of(found)


def hardware() -> str:
    """The device that networks run on, the processor and its threads, as a phrase for sentences."""
    host = f"{processor()}, {counted(torch.get_num_threads(), 'thread')}"
    return f"{torch.cuda.get_device_name()} and {host}" if chosen_device() == "cuda" else host


def about_times(times: Sequence[Times], where: str) -> str:
    """A sentence on how ``times`` were measured, and on which machine (``where``)."""
    counts = sorted({each.runs for each in times})
    if counts == [1]:
        return f"Each time is of a single run, on {where}, so none is bold."
    runs = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return (
        f"Times are medians of {runs} runs after a warm-up run, with 95 % intervals, on {where}; "
        "bold if the interval lies below all others."
    )

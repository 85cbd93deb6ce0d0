"""The time that a method takes for one sample, without the time for loading the method.

`apsnet_core.evaluation.timing` compares the speed of methods, with confidence intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from apsnet_core.sampling import Sampling

RUNS = 5
CHEAP_SECONDS = 0.05  # runs are added until together they take this long
LARGE = 100_000  # from this many points on, the loading time does not matter
ABOUT = f"The time of the method without loading it; the median of up to {RUNS} runs if these are quick"

_used: set[tuple[str, str | None]] = set()  # methods with their weights, in this process


def timed(sample: Callable[[], Sampling], points: int) -> Sampling:
    """Return ``sample()`` of a cloud with ``points`` points; its ``seconds`` are the median of warm runs.

    The first use of a method and its weights in this process is a warm-up, and is not timed.
    """
    from statistics import median

    found = sample()
    used = found.method, found.weights
    if used not in _used and points <= LARGE:
        found = sample()
    _used.add(used)
    times = [found.seconds]
    while len(times) < RUNS and sum(times) < CHEAP_SECONDS:
        times.append(sample().seconds)
    return replace(found, seconds=median(times))

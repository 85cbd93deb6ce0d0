"""The time of one sample by a method in use: loading it belongs to the program, not to the method.

How fast methods are beside each other, with intervals, is measured by `apsnet_core.evaluation.timing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from apsnet_core.sampling import Sampling

RUNS = 5
CHEAP_SECONDS = 0.05  # of all runs together: until then there is another
LARGE = 100_000  # points beside which loading does not count
ABOUT = f"Of the method alone, once it is loaded; the median of up to {RUNS} runs where these are quick"

_used: set[tuple[str, str | None]] = set()  # methods with their weights, in this process


def timed(sample: Callable[[], Sampling], points: int) -> Sampling:
    """What ``sample()`` gives of a cloud of so many ``points``; its ``seconds`` are the median of warm runs.

    The first use of a method and its weights in this process only warms it up.
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

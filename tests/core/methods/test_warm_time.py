"""The time of a method is measured without its first, slower run and as a median of several runs."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.methods import warm_time
from apsnet_core.methods.warm_time import timed
from apsnet_core.sampling import Sampling


class Runs:
    """Give samplings that took the given seconds, one after another; the last value is repeated."""

    def __init__(self, *seconds: float, method: str = "slow at first") -> None:
        self.seconds, self.method, self.count = list(seconds), method, 0

    def __call__(self) -> Sampling:
        took = self.seconds[min(self.count, len(self.seconds) - 1)]
        self.count += 1
        return Sampling(np.zeros((1, 3), np.float32), None, self.method, 1, 0, took)


@pytest.fixture(autouse=True)
def nothing_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_time, "_used", set())


def test_the_first_run_does_not_count_and_quick_runs_are_repeated() -> None:
    first = Runs(0.7, 0.001, 0.009, 0.002, 0.003, 0.004)
    assert timed(first, 2048).seconds == 0.003 and first.count == 6
    again = Runs(0.004, 0.001, 0.009)
    assert timed(again, 2048).seconds == 0.009 and again.count == 5
    other = Runs(0.7, 0.001, method="another")
    assert timed(other, 2048).seconds == 0.001


def test_slow_runs_are_not_repeated() -> None:
    assert timed(first := Runs(0.7, 0.3), 2048).seconds == 0.3 and first.count == 2
    assert timed(again := Runs(0.3), 2048).seconds == 0.3 and again.count == 1
    assert timed(large := Runs(5.0, 4.0, method="large"), 2_000_000).seconds == 5.0 and large.count == 1

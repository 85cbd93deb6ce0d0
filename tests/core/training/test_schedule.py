"""The learning rate against closed forms, and the times of logs, checkpoints and the end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from apsnet_core.training.config import Optimisation
from apsnet_core.training.schedule import Clock, learning_rate


def test_the_step_schedule_follows_the_paper() -> None:
    how = Optimisation(schedule="step", learning_rate=1e-2, decay=0.7, decay_every=20, epochs=400)
    for epoch, power in [(0, 0), (19.99, 0), (20, 1), (39.5, 1), (40, 2), (399.9, 19)]:
        assert learning_rate(how, epoch) == pytest.approx(1e-2 * 0.7**power, rel=1e-12)


def test_the_cosine_schedule_has_a_linear_warm_up() -> None:
    how = Optimisation(schedule="cosine", learning_rate=2e-3, warmup=3.0, epochs=43)
    rates = np.array([learning_rate(how, epoch) for epoch in np.linspace(0, 43, 4301)])
    assert rates.argmax() == 300 and rates.max() == pytest.approx(2e-3)
    assert 0 < rates[0] < 2e-5
    np.testing.assert_allclose(np.diff(rates[:300]), np.diff(rates[:300])[0], rtol=1e-6)  # linear warm-up
    done = np.linspace(0, 1, 4001)
    np.testing.assert_allclose(rates[300:], 2e-3 * (0.01 + 0.99 * np.cos(math.pi / 2 * done) ** 2), rtol=1e-9)


def test_without_warm_up_the_cosine_begins_at_the_top() -> None:
    assert learning_rate(Optimisation(learning_rate=1e-3, warmup=0.0, epochs=1), 0) == pytest.approx(1e-3)


def test_the_time_left_is_the_pace_so_far_times_the_steps_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    clock = Clock(save_every=5.0, first_step=10, steps=50)
    now[0] = 106.0
    assert clock.remaining(13) == pytest.approx(2.0 * 37)
    assert clock.should_save() and clock.unsaved(13)
    clock.saved(13)
    assert not clock.should_save() and not clock.unsaved(13)
    assert clock.should_log() and not clock.should_log()

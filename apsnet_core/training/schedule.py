"""The learning rate schedule, and a clock for log lines and checkpoints."""

from __future__ import annotations

import math
import time

from apsnet_core.training.config import Optimisation

LOG_SECONDS = 1.0


def learning_rate(how: Optimisation, epoch: float) -> float:
    """The learning rate at ``epoch``, which may be fractional.

    ``step``: the rate is multiplied by ``decay`` after every ``decay_every`` epochs (the paper). ``cosine``:
    the rate rises linearly for ``warmup`` epochs, and then falls as half a cosine to a hundredth.
    """
    if how.schedule == "step":
        return how.learning_rate * how.decay ** (int(epoch) // how.decay_every)
    if epoch < how.warmup:
        return how.learning_rate * (epoch + 0.02) / (how.warmup + 0.02)
    done = (epoch - how.warmup) / max(how.epochs - how.warmup, 1e-9)
    return how.learning_rate * (0.01 + 0.99 * (1 + math.cos(math.pi * min(done, 1.0))) / 2)


class Clock:
    """A clock that tells when to log and to save, and estimates the time for all ``steps``."""

    def __init__(self, save_every: float, first_step: int, steps: int) -> None:
        self.steps = steps
        self._save_every = save_every
        self._first_step = self._saved_step = first_step
        self._start = self._saved = time.monotonic()
        self._logged = -math.inf  # the first step is logged at once

    def should_log(self) -> bool:
        """Whether it is time for the next log line."""
        now = time.monotonic()
        if now - self._logged < LOG_SECONDS:
            return False
        self._logged = now
        return True

    def should_save(self) -> bool:
        """Whether the time between checkpoints has passed."""
        return time.monotonic() - self._saved >= self._save_every

    def saved(self, step: int) -> None:
        """Note a checkpoint after ``step`` steps."""
        self._saved, self._saved_step = time.monotonic(), step

    def unsaved(self, step: int) -> bool:
        """Whether the last checkpoint is older than ``step``."""
        return step != self._saved_step

    def remaining(self, step: int) -> float:
        """The estimated remaining seconds at the average pace since the start."""
        pace = (time.monotonic() - self._start) / max(step - self._first_step, 1)
        return round(pace * (self.steps - step), 1)

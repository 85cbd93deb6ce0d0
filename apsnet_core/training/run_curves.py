"""A curve of a training, which grows while the run is observed."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.types import Float64

MOST_POINTS = 4000


@dataclass(frozen=True, eq=False)
class Series:
    """A curve: ``epochs`` (n,), counted in fractions from 0, and ``values`` (n,)."""

    epochs: Float64
    values: Float64


class GrowingCurve:
    """A curve of bounded size: whenever it reaches ``MOST_POINTS``, every other point is dropped."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.values: list[float] = []
        self._every, self._skipped = 1, 0

    def cut(self, step: int) -> None:
        """Remove the points after ``step``, because a resumed training repeats them."""
        while self.steps and self.steps[-1] > step:
            self.steps.pop()
            self.values.pop()

    def add(self, step: int, value: float) -> None:
        """Append a value, unless this step is one that is dropped."""
        self._skipped += 1
        if self._skipped < self._every:
            return
        self._skipped = 0
        self.steps.append(step)
        self.values.append(value)
        if len(self.steps) >= MOST_POINTS:
            self.steps, self.values = self.steps[::2], self.values[::2]
            self._every *= 2

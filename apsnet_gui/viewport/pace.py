"""Learns from every frame how much can be drawn in a given time, so that moving stays smooth."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOVING_FRAME = 1 / 15  # seconds that all moving views together may take for one picture each
PATIENCE = 0.25  # seconds: a picture that takes longer is drawn in passes, which a camera move can interrupt
PASS = 0.12
SMOOTH = 0.04  # seconds: a full picture that takes less at twice its size is drawn so and scaled down
TRIANGLE = 0.3  # of a point's cost

_AIM = 0.85  # of the time there is: half of all frames take longer than the typical one
_PAUSE = 4 * MOVING_FRAME  # a drag that rests so long has stopped

_HALVINGS = 14
_SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)


@dataclass
class Pace:
    """The seconds for a point, for a pixel, and for any frame; they begin at those of a slow machine."""

    per_point: float = 400e-9
    per_pixel: float = 25e-9
    per_frame: float = 3e-3
    between: float = 10e-3  # from a picture of a moving view to the order for the next

    def cost(self, points: float, pixels: float) -> float:
        """The expected seconds for a picture."""
        return self.per_frame + points * self.per_point + pixels * self.per_pixel

    def learn(self, points: float, pixels: float, seconds: float) -> None:
        """Correct the three costs by half of the error, so that one unusual frame changes little."""
        expected = self.cost(points, pixels)
        factor = 1 + 0.5 * (min(max(seconds / expected, 0.2), 5.0) - 1)
        for_points, for_pixels = points * self.per_point / expected, pixels * self.per_pixel / expected
        self.per_point *= factor**for_points
        self.per_pixel *= factor**for_pixels
        self.per_frame *= factor ** (1 - for_points - for_pixels)

    def wait(self, seconds: float) -> None:
        """Learn the time between a picture and the next camera."""
        if seconds < _PAUSE:
            self.between += 0.3 * (seconds - self.between)

    def moving(self, movers: int) -> float:
        """The seconds for a picture of one of ``movers`` moving views."""
        share = MOVING_FRAME / max(movers, 1)
        return _AIM * max(share - self.between, share / 3)

    def draft(self, points: float, pixels: float, budget: float) -> tuple[int, float]:
        """(halvings of the points, scale of the picture) that fit into ``budget`` seconds.

        The picture may take half of the time before it is scaled down; the points get the rest. Both change
        in steps, so that the same points serve many frames.
        """
        if self.cost(points, pixels) <= budget:
            return 0, 1.0
        affordable = math.sqrt(0.5 * budget / (pixels * self.per_pixel))
        scale = next((step for step in _SCALES if step <= affordable), _SCALES[-1])
        left = max(budget - self.cost(0, pixels * scale**2), 0.2 * budget)
        halvings = math.ceil(max(0.0, math.log2(max(points * self.per_point / left, 1e-9))))
        return min(halvings, _HALVINGS), scale

"""Estimates from every frame how much can be drawn in a given time, so that movements stay smooth."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOVING_FRAME = 1 / 15  # seconds that all moving views together may take for one picture each
PATIENCE = 0.25  # seconds: a picture that takes longer is drawn in passes, which a camera move can interrupt
PASS = 0.12
SMOOTH = 0.04  # seconds: a full picture that takes less at twice its size is drawn large and scaled down
TRIANGLE = 0.3  # the cost of a triangle relative to a point

_AIM = 0.85  # the share of the available time to use, because half of all frames take longer than estimated
_PAUSE = 4 * MOVING_FRAME  # a drag that pauses for this long counts as ended

_HALVINGS = 14
_SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)


@dataclass
class Pace:
    """The seconds per point, per pixel and per frame; the initial values are those of a slow machine."""

    per_point: float = 400e-9
    per_pixel: float = 25e-9
    per_frame: float = 3e-3
    between: float = 10e-3  # seconds from a picture of a moving view to the order for the next one

    def cost(self, points: float, pixels: float) -> float:
        """Return the expected seconds for a picture."""
        return self.per_frame + points * self.per_point + pixels * self.per_pixel

    def learn(self, points: float, pixels: float, seconds: float) -> None:
        """Correct the three costs by half of the error, so that a single unusual frame changes little."""
        expected = self.cost(points, pixels)
        factor = 1 + 0.5 * (min(max(seconds / expected, 0.2), 5.0) - 1)
        for_points, for_pixels = points * self.per_point / expected, pixels * self.per_pixel / expected
        self.per_point *= factor**for_points
        self.per_pixel *= factor**for_pixels
        self.per_frame *= factor ** (1 - for_points - for_pixels)

    def wait(self, seconds: float) -> None:
        """Update the average time between a picture and the next order; longer pauses are ignored."""
        if seconds < _PAUSE:
            self.between += 0.3 * (seconds - self.between)

    def moving(self, movers: int) -> float:
        """Return the seconds that one picture may take while ``movers`` views move."""
        share = MOVING_FRAME / max(movers, 1)
        return _AIM * max(share - self.between, share / 3)

    def draft(self, points: float, pixels: float, budget: float) -> tuple[int, float]:
        """Return (halvings of the points, scale of the picture) that fit into ``budget`` seconds.

        The pixels may take half of the time, otherwise the picture is scaled down; the points get the rest.
        Both change in steps, so that many frames can use the same points.
        """
        if self.cost(points, pixels) <= budget:
            return 0, 1.0
        affordable = math.sqrt(0.5 * budget / (pixels * self.per_pixel))
        scale = next((step for step in _SCALES if step <= affordable), _SCALES[-1])
        left = max(budget - self.cost(0, pixels * scale**2), 0.2 * budget)
        halvings = math.ceil(max(0.0, math.log2(max(points * self.per_point / left, 1e-9))))
        return min(halvings, _HALVINGS), scale

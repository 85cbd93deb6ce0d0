"""A sample of a cloud: what every method gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from apsnet_core.cloud import Float32, Float64, Int64, no_offset
from apsnet_core.rollout import Rollout


@dataclass(frozen=True, eq=False)
class Sampling:
    """A sample of a cloud, in sampling order.

    ``points`` (m, 3) float32 stand in the frame of the cloud's ``xyz`` (absolute = ``points + offset``).
    ``indices`` (m,) int64 are the rows of the cloud they are, or None where they were generated.
    ``seconds`` is the time of the sampler alone. ``rollout`` is APSNet's, for its attention, ``weights`` the
    name of a learned sampler's.
    """

    points: Float32
    indices: Int64 | None
    method: str
    m: int
    seed: int
    seconds: float
    offset: Float64 = field(default_factory=no_offset)
    rollout: Rollout | None = None
    weights: str | None = None

    @property
    def absolute(self) -> Float64:
        """(m, 3) float64, in the file's own coordinates."""
        return self.points.astype(np.float64) + self.offset

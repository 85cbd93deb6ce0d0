"""How much of a cloud a sample stands for."""

from __future__ import annotations

from torch import Tensor

from apsnet_core.ops.distances import nearest

RADIUS = 0.05


def coverage(points: Tensor, samples: Tensor) -> Tensor:
    """Fraction of ``points`` (B, N, 3) within 5 % of their bounding box's diagonal of one of ``samples`` (B, m, 3): (B,)."""
    diagonal = (points.amax(1) - points.amin(1)).norm(dim=-1, keepdim=True)
    distance = nearest(points, samples)[0].sqrt()
    return (distance <= RADIUS * diagonal).to(points.dtype).mean(-1)

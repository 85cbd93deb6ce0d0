"""Coverage: the share of a cloud that a sample represents."""

from __future__ import annotations

from torch import Tensor

from apsnet_core.ops.distances import nearest

RADIUS = 0.05


def coverage(points: Tensor, samples: Tensor) -> Tensor:
    """Fraction (B,) of ``points`` (B, N, 3) that have one of ``samples`` (B, m, 3) near.

    Near is within 5 % of the diagonal of the points' bounding box.
    """
    return covered(points, nearest(points, samples)[0])


def covered(points: Tensor, squared: Tensor) -> Tensor:
    """`coverage` from the ``squared`` distance (B, N) of each point to its nearest sample."""
    diagonal = (points.amax(1) - points.amin(1)).square().sum(-1, keepdim=True)
    near = squared <= RADIUS**2 * diagonal
    return near.to(points.dtype).mean(-1)

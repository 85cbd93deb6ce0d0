"""Coverage: the share of a cloud that a sample represents."""

from __future__ import annotations

from torch import Tensor

from apsnet_core.ops.distances import nearest
from apsnet_core.ops.sample_distances import RADIUS


def coverage(points: Tensor, samples: Tensor) -> Tensor:
    """The fraction (B,) of ``points`` (B, N, 3) that are near one of the ``samples`` (B, m, 3).

    Near means within 5 % of the diagonal of the points' bounding box.
    """
    diagonal = (points.amax(1) - points.amin(1)).square().sum(-1, keepdim=True)
    near = nearest(points, samples)[0] <= RADIUS**2 * diagonal
    return near.to(points.dtype).mean(-1)

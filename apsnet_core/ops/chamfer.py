"""The Chamfer and the Hausdorff distance between two clouds."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.distances import nearest


def chamfer_distance(a: Tensor, b: Tensor) -> Tensor:
    """The mean squared nearest-neighbour distance from ``a`` to ``b`` plus the one from ``b`` to ``a``.

    This is Eq. 5 both ways. Clouds (B, N, 3) and (B, M, 3) give (B,), in squared units of the points.
    Differentiable.
    """
    return nearest(a, b)[0].mean(-1) + nearest(b, a)[0].mean(-1)


def hausdorff_distance(a: Tensor, b: Tensor) -> Tensor:
    """The largest distance from a point of either cloud to the other cloud.

    Clouds (B, N, 3) and (B, M, 3) give (B,), in units of the points.
    """
    return torch.maximum(nearest(a, b)[0].amax(-1), nearest(b, a)[0].amax(-1)).sqrt()

"""PointNet in plain torch: apply every layer to all points, then take the maximum."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from apsnet_core.networks.pointnet import PointNet, TransformNet


def logits(net: PointNet, points: Tensor) -> Tensor:
    """The logits of ``net`` from its own layers: points (B, N, 3) -> (B, classes)."""
    points = points @ _transform(net.align_points, points)
    local = _layers(net.local, points)
    local = local @ _transform(net.align_features, local)
    answer: Tensor = net.head(_layers(net.wide, local).max(dim=1).values)
    return answer


def _transform(net: TransformNet, points: Tensor) -> Tensor:
    correction: Tensor = net.last(net.head(_layers(net.points, points).max(dim=1).values))
    return correction.view(-1, net.k, net.k) + torch.eye(net.k)


def _layers(layers: nn.Sequential, points: Tensor) -> Tensor:
    made: Tensor = layers(points.flatten(0, 1))
    return made.view(*points.shape[:2], -1)

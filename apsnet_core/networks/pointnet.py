"""PointNet, a classifier of point clouds."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

from apsnet_core.networks.in_parts import in_parts
from apsnet_core.networks.shared_layers import shared, shared_max_pool


class Transforms(NamedTuple):
    """The two learned alignments of a batch: ``points`` (B, 3, 3), ``features`` (B, 64, 64)."""

    points: Tensor
    features: Tensor


class _Layers(nn.Sequential):
    """A repeated sequence of linear layer, batch norm and ReLU."""

    def __init__(self, *widths: int) -> None:
        layers: list[nn.Module] = []
        for i, o in pairwise(widths):
            layers += [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]
        super().__init__(*layers)


class TransformNet(nn.Module):
    """A T-Net: (B, N, k) -> (B, k, k), the identity plus a learned correction."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k
        self.points = _Layers(k, 64, 128, 1024)
        self.head = _Layers(1024, 512, 256)
        self.last = nn.Linear(256, k * k)

    def forward(self, points: Tensor) -> Tensor:
        """Transforms (B, k, k) for ``points`` (B, N, k)."""
        features = shared_max_pool(self.points, points)
        correction: Tensor = self.last(self.head(features)).view(-1, self.k, self.k)
        return correction + torch.eye(self.k, dtype=correction.dtype, device=correction.device)


class PointNet(nn.Module):
    """The classifier: (B, N, 3) -> logits (B, classes); 3,471,473 parameters at 40 classes."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.align_points = TransformNet(3)
        self.align_features = TransformNet(64)
        self.local = _Layers(3, 64)
        self.wide = nn.Sequential(_Layers(64, 128), nn.Linear(128, 1024), nn.BatchNorm1d(1024))
        self.head = nn.Sequential(
            nn.Linear(1024, 512), nn.BatchNorm1d(512), nn.ReLU(),
            nn.Linear(512, 256), nn.Dropout(0.4), nn.BatchNorm1d(256), nn.ReLU(),
            nn.Linear(256, classes),
        )  # fmt: skip

    def features(self, points: Tensor) -> tuple[Tensor, Transforms]:
        """The global feature (B, 1024) and the transforms for `transform_regulariser`."""
        first = self.align_points(points)
        local = shared(self.local, torch.bmm(points, first))
        second = self.align_features(local)
        return shared_max_pool(self.wide, torch.bmm(local, second)), Transforms(first, second)

    def forward(self, points: Tensor) -> Tensor:
        """Logits (B, classes) for ``points`` (B, N, 3)."""
        return in_parts(self, self._logits, points)

    def _logits(self, points: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(points)[0])
        return logits


def transform_regulariser(transform: Tensor) -> Tensor:
    """||I - A A^T||_F^2, averaged over the batch (B, k, k): keeps the feature transform near orthogonal."""
    identity = torch.eye(transform.shape[-1], dtype=transform.dtype, device=transform.device)
    return (identity - transform @ transform.transpose(1, 2)).square().sum((1, 2)).mean()

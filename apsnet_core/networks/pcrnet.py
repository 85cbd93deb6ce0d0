"""PCRNet, which finds the rotation and translation that align one cloud with another."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from apsnet_core.networks.in_parts import in_parts
from apsnet_core.networks.shared_layers import shared_max_pool
from apsnet_core.ops.rotation import quaternion_to_matrix


class Pose(NamedTuple):
    """A rigid motion: unit ``quaternion`` (B, 4) as w, x, y, z and ``translation`` (B, 3)."""

    quaternion: Tensor
    translation: Tensor

    @property
    def rotation(self) -> Tensor:
        """The rotation matrices (B, 3, 3)."""
        return quaternion_to_matrix(self.quaternion)

    def apply(self, points: Tensor) -> Tensor:
        """R p + t for every point of (B, N, 3)."""
        return points @ self.rotation.transpose(1, 2) + self.translation[:, None]


class PCRNet(nn.Module):
    """``PCRNet()(template, source)``: the `Pose` that aligns source (B, N, 3) with template (B, M, 3).

    4,217,351 parameters; both clouds share the encoder.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 64, 64, 64, 128, 1024)
        layers: list[nn.Module] = []
        for i, o in pairwise(widths):
            layers += [nn.Linear(i, o), nn.ReLU()]
        self.encoder = nn.Sequential(*layers)
        widths = (2048, 1024, 1024, 512, 512, 256)
        layers = []
        for i, o in pairwise(widths):
            layers += [nn.Linear(i, o), nn.ReLU()]
        self.head = nn.Sequential(*layers, nn.Linear(256, 7))

    def features(self, points: Tensor) -> Tensor:
        """The global feature, (B, 1024)."""
        return in_parts(self.encoder, partial(shared_max_pool, self.encoder), points)

    def forward(self, template: Tensor, source: Tensor) -> Pose:
        """The `Pose` that aligns ``source`` (B, N, 3) with ``template`` (B, M, 3)."""
        pose = self.head(torch.cat([self.features(template), self.features(source)], dim=-1))
        return Pose(F.normalize(pose[:, :4], dim=-1), pose[:, 4:])

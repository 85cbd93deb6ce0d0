"""SampleNet and S-NET, the paper's baselines, which generate all points at once from the global feature."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from apsnet_core.networks.point_features import FEATURES, PointFeatures
from apsnet_core.ops import squared_distances
from apsnet_core.ops.pooling import max_pool

_HIDDEN = 256
_SMALLEST_TEMPERATURE = 0.01


class SNet(nn.Module):
    """S-NET for a fixed ``m``: ``SNet(m)(points)`` takes (B, N, 3) and generates (B, m, 3)."""

    def __init__(self, m: int) -> None:
        super().__init__()
        if m < 1:
            raise ValueError(f"cannot sample {m} points: ask for at least 1")
        self.m = m
        self.features = PointFeatures()
        widths = (FEATURES, _HIDDEN, _HIDDEN, _HIDDEN)
        self.linear = nn.ModuleList(nn.Linear(i, o) for i, o in pairwise(widths))
        self.norm = nn.ModuleList(nn.BatchNorm1d(o) for o in widths[1:])
        self.head = nn.Linear(_HIDDEN, 3 * m)

    def generate(self, points: Tensor) -> Tensor:
        """Generated points (B, m, 3) for clouds (B, N, 3)."""
        hidden = max_pool(self.features(points))
        for linear, norm in zip(self.linear, self.norm, strict=True):
            hidden = norm(linear(hidden)).relu()
        generated: Tensor = self.head(hidden)
        return generated.view(-1, self.m, 3)

    def forward(self, points: Tensor) -> Tensor:
        """The same as `generate`."""
        return self.generate(points)


class SampleNet(nn.Module):
    """SampleNet for a fixed ``m``: (B, N, 3) -> generated (B, m, 3) and softly projected (B, m, 3).

    The projected points feed the task loss during training only. Their temperature is learned (see
    `projection_loss`). ``k`` is the number of input points in a projection: 8, or 16 for reconstruction.
    """

    def __init__(self, m: int, k: int = 8) -> None:
        super().__init__()
        self.generator = SNet(m)
        self.k = k
        self.temperature = nn.Parameter(torch.tensor(1.0))

    @property
    def m(self) -> int:
        """The number of generated points."""
        return self.generator.m

    def forward(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Generated and softly projected points, (B, m, 3) each, for clouds (B, N, 3)."""
        generated = self.generator.generate(points)
        return generated, self.project(generated, points)

    def generate(self, points: Tensor) -> Tensor:
        """Only the generated points (B, m, 3), as used outside training."""
        return self.generator.generate(points)

    def projection_loss(self) -> Tensor:
        """The temperature sigma of the projection; training lowers it until projections are input points."""
        return (self.temperature**2).clamp_min(_SMALLEST_TEMPERATURE)

    def project(self, generated: Tensor, points: Tensor) -> Tensor:
        """Replace each generated point by a weighted mean of its k nearest input points: (B, m, 3)."""
        k = min(self.k, points.shape[1])
        with torch.no_grad():
            index = squared_distances(generated, points).topk(k, largest=False).indices
        rows = torch.arange(len(points), device=points.device)[:, None, None]
        neighbours = points[rows, index]
        distance = (generated[:, :, None] - neighbours).square().sum(-1)
        weights = (-distance / self.projection_loss()).softmax(dim=-1)
        return (weights[..., None] * neighbours).sum(dim=2)

"""MOPS-Net (Qian et al., arXiv 2005.00383): all points at once, each a weighted mean of the cloud."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from apsnet_core.networks.point_features import FEATURES, PointFeatures

_WIDTHS = (256, 128)
_SMALLEST_TEMPERATURE = 0.1


class MOPSNet(nn.Module):
    """A sampling matrix S (n, m) of a cloud P (n, 3), whose columns add up to 1; the sample is S^T P.

    The features of every point and their maximum over the cloud, 128 each, give m scores a point through
    shared layers 256 and 128 with batch norm; a softmax over the points makes the columns. The sizes of the
    layers are this project's: not all are published. The published temperature falls by a schedule; here it
    is learned, and driven down by `sharpness_loss` as SampleNet's is.

    A smaller sample is the beginning of the largest: trained for several sizes it is the flexible form.
    """

    def __init__(self, m: int) -> None:
        super().__init__()
        if m < 1:
            raise ValueError(f"cannot sample {m} points: ask for at least 1")
        self.m = m
        self.features = PointFeatures()
        widths = (2 * FEATURES, *_WIDTHS)
        self.linear = nn.ModuleList(nn.Linear(i, o) for i, o in zip(widths, _WIDTHS, strict=False))
        self.norm = nn.ModuleList(nn.BatchNorm1d(o) for o in _WIDTHS)
        self.head = nn.Linear(_WIDTHS[-1], m)
        self.temperature = nn.Parameter(torch.tensor(1.0))

    def matrix(self, points: Tensor) -> Tensor:
        """The sampling matrix, (B, N, 3) -> (B, N, m)."""
        features = self.features(points)
        whole = features.amax(dim=1, keepdim=True).expand_as(features)
        hidden = torch.cat([features, whole], dim=-1).flatten(0, 1)
        for linear, norm in zip(self.linear, self.norm, strict=True):
            hidden = norm(linear(hidden)).relu()
        scores = self.head(hidden).view(*points.shape[:2], self.m)
        matrix: Tensor = (scores / self.sharpness_loss()).softmax(dim=1)
        return matrix

    def generate(self, points: Tensor) -> Tensor:
        """The sample S^T P, (B, N, 3) -> (B, m, 3)."""
        return self.matrix(points).transpose(1, 2) @ points

    def forward(self, points: Tensor) -> Tensor:
        """As `generate`."""
        return self.generate(points)

    def sharpness_loss(self) -> Tensor:
        """The temperature, kept above 0.1: the lower, the nearer each column is to a single point."""
        return (self.temperature**2).clamp_min(_SMALLEST_TEMPERATURE)

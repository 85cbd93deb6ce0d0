"""MOPS-Net (Qian et al., arXiv 2005.00383), whose points are weighted means of the cloud, made at once."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from apsnet_core.networks.point_features import FEATURES, PointFeatures

_WIDTHS = (256, 128)
_SMALLEST_TEMPERATURE = 0.1


class MOPSNet(nn.Module):
    """A sampler that predicts a matrix S (n, m) for a cloud P (n, 3); the sample is S^T P.

    The features of each point and their maximum over the cloud, 128 each, pass through shared layers of 256
    and 128 with batch norm, which give m scores for each point. A softmax over the points makes the columns
    sum to 1. The paper does not give all layer sizes; these are this project's. In the paper the temperature
    falls on a schedule; here it is learned, and `sharpness_loss` lowers it, as in SampleNet.

    A smaller sample is a prefix of the largest; trained for several sizes, this is the paper's flexible form.
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
        """The sampling matrix S, (B, N, 3) -> (B, N, m)."""
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
        """The same as `generate`."""
        return self.generate(points)

    def sharpness_loss(self) -> Tensor:
        """The temperature, at least 0.1. The lower it is, the closer each column is to a single point."""
        return (self.temperature**2).clamp_min(_SMALLEST_TEMPERATURE)

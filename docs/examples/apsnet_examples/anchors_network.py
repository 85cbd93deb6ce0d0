"""The network of `anchors`. What it must do: take points (B, N, 3) and m, and give points (B, m, 3)."""

import torch
from torch import Tensor, nn


class Anchors(nn.Module):
    """``m`` points, learned for all shapes alike, and one shift for each that depends on the shape."""

    def __init__(self, m: int) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 128))
        self.anchors = nn.Parameter(0.5 * torch.randn(m, 3))
        self.shift = nn.Linear(128, 3 * m)

    def forward(self, points: Tensor, m: int) -> Tensor:
        shape = self.features(points).amax(dim=1)
        return self.anchors + self.shift(shape).view(len(points), m, 3)

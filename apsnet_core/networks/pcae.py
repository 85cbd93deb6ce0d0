"""PCAE, a point cloud autoencoder that reconstructs a shape from a sample of its points."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from torch import Tensor, nn

from apsnet_core.networks.in_parts import in_parts
from apsnet_core.networks.shared_layers import shared_max_pool

OUTPUT_POINTS = 2048


class PCAE(nn.Module):
    """The autoencoder: (B, N, 3) -> (B, 2048, 3); 1,770,240 parameters."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 64, 128, 128, 256, 128)
        layers: list[nn.Module] = []
        for i, o in pairwise(widths):
            layers += [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]
        self.encoder = nn.Sequential(*layers)
        self.decoder = nn.Sequential(
            nn.Linear(128, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 3 * OUTPUT_POINTS)
        )

    def features(self, points: Tensor) -> Tensor:
        """The global feature, (B, 128)."""
        return in_parts(self.encoder, partial(shared_max_pool, self.encoder), points)

    def decode(self, features: Tensor) -> Tensor:
        """Reconstruct clouds from global features, (B, 128) -> (B, 2048, 3)."""
        points: Tensor = self.decoder(features)
        return points.view(-1, OUTPUT_POINTS, 3)

    def forward(self, points: Tensor) -> Tensor:
        """The clouds (B, 2048, 3) reconstructed from ``points`` (B, N, 3)."""
        return self.decode(self.features(points))

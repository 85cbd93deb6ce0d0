"""Reconstruction with the point cloud autoencoder (PCAE), the task of Table 2."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from apsnet_core.ops import chamfer_distance

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
        return self.encoder(points.flatten(0, 1)).view(*points.shape[:2], -1).amax(dim=1)  # type: ignore[no-any-return]

    def decode(self, features: Tensor) -> Tensor:
        """(B, 128) -> (B, 2048, 3)."""
        return self.decoder(features).view(-1, OUTPUT_POINTS, 3)  # type: ignore[no-any-return]

    def forward(self, points: Tensor) -> Tensor:
        return self.decode(self.features(points))


def reconstruction_loss(reconstruction: Tensor, points: Tensor) -> Tensor:
    """The Chamfer distance between reconstruction (B, 2048, 3) and cloud (B, N, 3), batch mean."""
    return chamfer_distance(reconstruction, points).mean()


def normalised_reconstruction_error(from_sample: Tensor, from_cloud: Tensor, points: Tensor) -> Tensor:
    """NRE (B,), Eq. 11: CD(P, T(Q)) / CD(P, T(P))."""
    return chamfer_distance(points, from_sample) / chamfer_distance(points, from_cloud)

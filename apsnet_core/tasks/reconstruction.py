"""Reconstruction with the point cloud autoencoder (PCAE), the task of Table 2."""

from __future__ import annotations

from torch import Tensor

from apsnet_core.ops import chamfer_distance


def reconstruction_loss(reconstruction: Tensor, points: Tensor) -> Tensor:
    """The Chamfer distance between reconstruction (B, 2048, 3) and cloud (B, N, 3), batch mean."""
    return chamfer_distance(reconstruction, points).mean()


def normalised_reconstruction_error(from_sample: Tensor, from_cloud: Tensor, points: Tensor) -> Tensor:
    """NRE (B,), Eq. 11: CD(P, T(Q)) / CD(P, T(P))."""
    return chamfer_distance(points, from_sample) / chamfer_distance(points, from_cloud)

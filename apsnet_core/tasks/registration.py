"""Registration with PCRNet, the task of Table 5."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.losses import rotation_loss
from apsnet_core.networks.pcrnet import Pose
from apsnet_core.ops import chamfer_distance
from apsnet_core.ops.rotation import geodesic_angle


def registration_loss(pose: Pose, rotation: Tensor, template: Tensor, source: Tensor) -> Tensor:
    """Chamfer distance of the aligned source and the template, plus ||R_hat R^T - I||_F^2, batch mean.

    ``rotation`` (B, 3, 3) is the one that lays ``source`` (B, N, 3) on ``template`` (B, N, 3).
    """
    return chamfer_distance(pose.apply(source), template).mean() + rotation_loss(pose.rotation, rotation)


def rotation_error(pose: Pose, rotation: Tensor) -> Tensor:
    """The geodesic angle between found and true rotation in degrees, (B,)."""
    return torch.rad2deg(geodesic_angle(pose.rotation, rotation))


def doubled_rotation_error(pose: Pose, rotation: Tensor) -> Tensor:
    """Twice the geodesic angle, (B,): what the published code reports, to stand beside Table 5."""
    return 2 * rotation_error(pose, rotation)

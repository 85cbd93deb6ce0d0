"""Rotations as quaternions, matrices and Euler angles, and the angle between two rotations."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def quaternion_to_matrix(quaternion: Tensor) -> Tensor:
    """Convert quaternions (..., 4) as w, x, y, z, of any length, to rotation matrices (..., 3, 3)."""
    w, x, y, z = F.normalize(quaternion, dim=-1).unbind(-1)
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return torch.stack(rows, dim=-1).reshape(*w.shape, 3, 3)


def euler_to_matrix(angles: Tensor) -> Tensor:
    """Convert angles (..., 3) in radians about x, then y, then z (fixed axes) to matrices (..., 3, 3)."""
    cos, sin = angles.cos().unbind(-1), angles.sin().unbind(-1)
    one, zero = torch.ones_like(cos[0]), torch.zeros_like(cos[0])

    def matrix(*entries: Tensor) -> Tensor:
        return torch.stack(entries, dim=-1).reshape(*entries[0].shape, 3, 3)

    about_x = matrix(one, zero, zero, zero, cos[0], -sin[0], zero, sin[0], cos[0])
    about_y = matrix(cos[1], zero, sin[1], zero, one, zero, -sin[1], zero, cos[1])
    about_z = matrix(cos[2], -sin[2], zero, sin[2], cos[2], zero, zero, zero, one)
    return about_z @ about_y @ about_x


def matrix_to_euler(matrix: Tensor) -> Tensor:
    """Convert rotation matrices (..., 3, 3) to the angles (..., 3) of `euler_to_matrix`, with y in +-pi/2.

    At +-pi/2 about y (gimbal lock) the angles about x and z are not unique, and any valid pair is returned.
    """
    m = matrix.flatten(-2).unbind(-1)
    about_y = torch.atan2(-m[6], torch.hypot(m[0], m[3]))
    return torch.stack([torch.atan2(m[7], m[8]), about_y, torch.atan2(m[3], m[0])], dim=-1)


def geodesic_angle(a: Tensor, b: Tensor) -> Tensor:
    """The angle (...) in radians, 0 to pi, between the rotation matrices ``a`` and ``b`` (..., 3, 3).

    It is computed from both sine and cosine, because the arc cosine loses precision near 0 and pi.
    """
    between = a @ b.transpose(-1, -2)
    skew = between - between.transpose(-1, -2)
    axis = torch.stack([skew[..., 2, 1], skew[..., 0, 2], skew[..., 1, 0]], dim=-1)
    trace = between.diagonal(dim1=-2, dim2=-1).sum(-1)
    return torch.atan2(axis.norm(dim=-1), trace - 1)


def matrix_to_quaternion(matrix: Tensor) -> Tensor:
    """Convert rotation matrices (..., 3, 3) to unit quaternions (..., 4) as w, x, y, z with w >= 0.

    Differentiable.
    """
    m = matrix.flatten(-2).unbind(-1)
    xx, yy, zz = m[0], m[4], m[8]
    # Four times the outer product of the quaternion with itself. Its rows are multiples of the quaternion.
    rows = [
        [1 + xx + yy + zz, m[7] - m[5], m[2] - m[6], m[3] - m[1]],
        [m[7] - m[5], 1 + xx - yy - zz, m[3] + m[1], m[2] + m[6]],
        [m[2] - m[6], m[3] + m[1], 1 - xx + yy - zz, m[7] + m[5]],
        [m[3] - m[1], m[2] + m[6], m[7] + m[5], 1 - xx - yy + zz],
    ]
    outer = torch.stack([torch.stack(row, dim=-1) for row in rows], dim=-2)
    # The row with the largest diagonal is never near zero.
    best = outer.diagonal(dim1=-2, dim2=-1).argmax(-1)[..., None, None].expand(*outer.shape[:-2], 1, 4)
    quaternion = F.normalize(outer.gather(-2, best).squeeze(-2), dim=-1)
    return torch.where(quaternion[..., :1] < 0, -quaternion, quaternion)

"""What a registration is asked to lay back on a shape: a copy of it, turned, or another cloud."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from apsnet_core.cloud import Float64, PointCloud, TriangleMesh
from apsnet_core.evaluation.comparison.perturb import (
    Angles,
    Perturbation,
    Turn,
    drawn_angles,
    perturbed,
    rotation,
)
from apsnet_core.ops.rotation import geodesic_angle, matrix_to_euler
from apsnet_core.ops.surface import sample_surface


@dataclass(frozen=True, eq=False)
class Copy:
    """A ``cloud`` to be laid on another, and the true ``rotation`` (3, 3), None where none is known."""

    cloud: PointCloud
    rotation: Float64 | None = None

    @property
    def degrees(self) -> float | None:
        """The angle of the true rotation."""
        return None if self.rotation is None else degrees_of(self.rotation)


def turned(
    cloud: PointCloud,
    seed: int,
    turn: Turn | None = None,
    scan: PointCloud | None = None,
) -> Copy:
    """A copy of ``cloud``, or of its second ``scan``, turned about the cloud's mean and made noisy.

    Without a ``turn``, or angles in it, it is turned as the pairs of training are, by up to 45 degrees about
    x, y and z.
    """
    turn = turn or Turn()
    matrix = rotation(turn.angles or drawn_angles(seed))
    source = scan or cloud
    mean = cloud.xyz.mean(axis=0, dtype=np.float64)
    points = ((source.xyz - mean) @ matrix.T + mean).astype(np.float32)
    copy = replace(source, xyz=points, normals=None)
    return Copy(perturbed(copy, Perturbation(noise=turn.noise), seed + 1), matrix.T)


def scanned_again(shape: PointCloud | TriangleMesh, n: int, seed: int, change: Perturbation) -> PointCloud:
    """A second scan of a shape under the same ``change``: ``n`` other points of a mesh's surface.

    Of a cloud, whose surface is not known, a random half of the points.
    """
    if isinstance(shape, TriangleMesh):
        scan = sample_surface(shape, n, seed + 1)
    else:
        rows = np.random.default_rng(seed + 1).permutation(len(shape))[: max(len(shape) // 2, 1)]
        scan = shape.take(np.sort(rows))
    return perturbed(scan, change, seed + 1)


def angles_of(matrix: Float64) -> Angles:
    """The turn about x, then y, then z, in degrees, that the rotation ``matrix`` (3, 3) takes back."""
    x, y, z = torch.rad2deg(matrix_to_euler(torch.from_numpy(matrix.T.copy()))).tolist()
    return x, y, z


def degrees_of(matrix: Float64) -> float:
    """The angle of a rotation (3, 3)."""
    angle = geodesic_angle(torch.from_numpy(matrix), torch.eye(3, dtype=torch.float64))
    return float(torch.rad2deg(angle))

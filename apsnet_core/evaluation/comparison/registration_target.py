"""The cloud that a registration aligns with a shape: a turned copy of it, or another cloud."""

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
    """A ``cloud`` to be aligned with another, and the true ``rotation`` (3, 3), None if it is unknown."""

    cloud: PointCloud
    rotation: Float64 | None = None

    @property
    def degrees(self) -> float | None:
        """The angle of the true rotation in degrees, None if it is unknown."""
        return None if self.rotation is None else degrees_of(self.rotation)


def turned(
    cloud: PointCloud,
    seed: int,
    turn: Turn | None = None,
    scan: PointCloud | None = None,
) -> Copy:
    """A copy of ``cloud``, or of its second ``scan``, turned about the cloud's mean, with noise.

    Without a ``turn``, or without angles in it, the copy is turned like the pairs of the training, by up to
    45 degrees about x, y and z.
    """
    turn = turn or Turn()
    matrix = rotation(turn.angles or drawn_angles(seed))
    source = scan or cloud
    mean = cloud.xyz.mean(axis=0, dtype=np.float64)
    points = ((source.xyz - mean) @ matrix.T + mean).astype(np.float32)
    copy = replace(source, xyz=points, normals=None)
    return Copy(perturbed(copy, Perturbation(noise=turn.noise), seed + 1), matrix.T)


def scanned_again(shape: PointCloud | TriangleMesh, n: int, seed: int, change: Perturbation) -> PointCloud:
    """A second scan of a shape with the same ``change``: ``n`` other points of a mesh's surface.

    For a cloud, whose surface is unknown, it is a random half of the points.
    """
    if isinstance(shape, TriangleMesh):
        scan = sample_surface(shape, n, seed + 1)
    else:
        rows = np.random.default_rng(seed + 1).permutation(len(shape))[: max(len(shape) // 2, 1)]
        scan = shape.take(np.sort(rows))
    return perturbed(scan, change, seed + 1)


def angles_of(matrix: Float64) -> Angles:
    """The angles about x, then y, then z, in degrees, of the turn that ``matrix`` (3, 3) reverses."""
    x, y, z = torch.rad2deg(matrix_to_euler(torch.from_numpy(matrix.T.copy()))).tolist()
    return x, y, z


def degrees_of(matrix: Float64) -> float:
    """The angle of a rotation (3, 3) in degrees."""
    angle = geodesic_angle(torch.from_numpy(matrix), torch.eye(3, dtype=torch.float64))
    return float(torch.rad2deg(angle))

"""Perturbations of a cloud: noise, dropped points and rotations, reproducible by their seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.percent import SIGN

Angles = tuple[float, float, float]
STILL: Angles = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Perturbation:
    """``noise`` is the standard deviation along each axis in percent of the bounding box's diagonal.

    ``drop`` is the percentage of points left out, below 100; ``rotate`` the degrees about x, then y, then z.
    """

    noise: float = 0.0
    drop: float = 0.0
    rotate: Angles = STILL

    def __post_init__(self) -> None:
        if not (0 <= self.noise < inf and 0 <= self.drop < 100 and all(abs(by) < inf for by in self.rotate)):
            raise ValueError("noise must be 0 % or more, drop from 0 to below 100 %, rotations in degrees")

    def __bool__(self) -> bool:
        return self != Perturbation()

    @property
    def words(self) -> str:
        """A summary such as "1 % noise, 20 % dropped, turned by 0°, 45°, 0°"; empty if nothing is changed."""
        parts = (
            (self.noise, f"{self.noise:g}{SIGN} noise"),
            (self.drop, f"{self.drop:g}{SIGN} dropped"),
            (self.rotate != STILL, f"turned by {angles_text(self.rotate)}"),
        )
        return ", ".join(text for there, text in parts if there)


@dataclass(frozen=True)
class Turn:
    """How a copy is made: turned by ``angles`` about x, y and z in degrees, None for up to 45 by the seed.

    With ``resampled`` the copy has other points of the same surface. ``noise`` is as in `Perturbation`.
    """

    angles: Angles | None = None
    resampled: bool = False
    noise: float = 0.0


def perturbed(cloud: PointCloud, change: Perturbation, seed: int = 0) -> PointCloud:
    """Drop and move points of ``cloud`` at random, then turn it about its mean; itself for no change.

    A larger ``drop`` drops the same points and further ones; more ``noise`` moves each point farther in the
    same direction. Results therefore differ because of the change, not by chance.
    """
    if not change:
        return cloud
    rng = np.random.default_rng(seed)
    order, n = rng.permutation(len(cloud)), len(cloud)
    kept = np.sort(order[: max(round(n * (1 - change.drop / 100)), 1)]) if change.drop else np.arange(n)
    mean = cloud.xyz.mean(axis=0, dtype=np.float64)
    points = cloud.xyz.astype(np.float64)
    if change.noise:
        diagonal = float(np.linalg.norm(points.max(axis=0) - points.min(axis=0)))
        points += rng.standard_normal(points.shape) * (change.noise / 100 * diagonal)
    turn = rotation(change.rotate)
    less = cloud.take(kept)
    normals = None if less.normals is None else (less.normals @ turn.T).astype(np.float32)
    return replace(less, xyz=((points[kept] - mean) @ turn.T + mean).astype(np.float32), normals=normals)


def rotation(degrees: Angles) -> Float64:
    """The matrix (3, 3) that turns about x, then y, then z, by the angles ``degrees``."""
    import torch  # imported here, since the window uses perturbations long before it needs torch

    from apsnet_core.ops.rotation import euler_to_matrix

    matrix: Float64 = euler_to_matrix(torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))).numpy()
    return matrix


def drawn_angles(seed: int) -> Angles:
    """Random angles of up to 45 degrees about each axis, as for the pairs of the training."""
    x, y, z = np.random.default_rng(seed).uniform(-45, 45, 3).tolist()
    return x, y, z


def angles_text(degrees: Angles) -> str:
    """Format angles about x, y and z, for example as "10°, -5°, 0.5°"."""
    return ", ".join(f"{round(angle, 1) + 0.0:g}°" for angle in degrees)

"""Find the large planes of a scan, such as floor and walls, by RANSAC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from apsnet_core.ops.neighbours import local_planes
from apsnet_core.ops.orientation import up_vector
from apsnet_core.ops.voxel import voxel_sample_exactly
from apsnet_core.types import Float32, Float64, Int64, Mask, Progress

Kind = Literal["floor", "ceiling", "wall", "other"]

_LOOKED_AT = 40_000  # the number of points to which a large cloud is thinned
_TRIES = 200
_BLOCK = 1 << 18
_PARALLEL = np.cos(np.deg2rad(15))
_ACROSS = np.sin(np.deg2rad(15))
_AGREE = np.cos(np.deg2rad(30))
_BOUNDS = 0.97  # the least share of the points on one side of a floor, a ceiling, or a wall


@dataclass(frozen=True)
class Plane:
    """The points x whose ``normal`` · x is within ``thickness`` of ``level``; ``normal`` has length 1.

    The plane is in the frame of the points it was found in. The normal of a floor points up, that of a wall
    into the room. ``kind`` follows from the direction, and from whether nearly all points are on one side.
    """

    normal: tuple[float, float, float]
    level: float
    thickness: float
    kind: Kind = "other"

    def above(self, points: Float32) -> Float64:
        """The signed distances (n,) of ``points`` (n, 3), positive on the side that the normal points to."""
        found: Float64 = points @ np.asarray(self.normal) - self.level
        return found

    def contains(self, points: Float32) -> Mask:
        """The mask (n,) of the ``points`` (n, 3) on the plane."""
        found = np.empty(len(points), dtype=np.bool_)
        for start in range(0, len(points), _BLOCK):
            part = points[start : start + _BLOCK]
            found[start : start + _BLOCK] = np.abs(self.above(part)) <= self.thickness
        return found


def find_planes(
    points: Float32,
    up: str = "z",
    *,
    thickness: float | None = None,
    least: float = 0.03,
    most: int = 12,
    seed: int = 0,
    tell: Progress | None = None,
) -> list[Plane]:
    """Up to ``most`` planes with at least the share ``least`` of ``points`` (n, 3) each, the largest first.

    A candidate plane goes through a random point with its local normal; the one with the most points whose
    normals agree is chosen. ``thickness`` is the largest distance of a point from its plane, by default
    chosen from the noise of the scan. Planes are found in a thinned copy; the same seed gives the same
    planes. Raises ValueError for a thickness that is not above 0.
    """
    if thickness is not None and not 0 < thickness < np.inf:
        raise ValueError(f"the thickness of a plane is a number above 0, not {thickness:g}")
    if len(points) < 16:
        return []
    few = points if len(points) <= _LOOKED_AT else points[voxel_sample_exactly(points, _LOOKED_AT)]
    told = tell or (lambda share: None)
    told(0.2)
    normals, _, noise = local_planes(few, tell=lambda share: told(0.2 + 0.4 * share))
    diagonal = float(np.linalg.norm(np.ptp(few, axis=0)))
    if thickness is None:
        thickness = float(np.clip(4 * np.median(noise), 1e-3 * diagonal, 1e-2 * diagonal))
    rng = np.random.default_rng(seed)
    free, found = np.arange(len(few)), list[Plane]()
    while len(found) < most and len(free) >= least * len(few):
        plane = _largest(few[free], normals[free], thickness, rng)
        on = np.abs(few[free] @ plane[:3] - plane[3]) <= thickness
        agree = np.abs(normals[free] @ plane[:3]) >= _AGREE
        if (on & agree).sum() < least * len(few):
            break
        found.append(_named(plane, thickness, few, up))
        told(0.6 + 0.4 * len(found) / most)
        free = free[~on]
    return found


def _largest(points: Float32, normals: Float32, thickness: float, rng: np.random.Generator) -> Float64:
    """The normal and level (4,) of the plane with the most agreeing points, fitted to these points."""
    tried = rng.integers(len(points), size=_TRIES)
    scored: Int64 = rng.integers(len(points), size=min(len(points), 4000))
    through = normals[tried].astype(np.float64)
    levels = np.einsum("ni,ni->n", through, points[tried])
    on = np.abs(points[scored] @ through.T - levels) <= thickness
    on &= np.abs(normals[scored] @ through.T) >= _AGREE
    best = int(on.sum(axis=0).argmax())
    plane = np.append(through[best], levels[best])
    for _ in range(5):
        own = np.abs(points @ plane[:3] - plane[3]) <= thickness
        own &= np.abs(normals @ plane[:3]) >= _AGREE
        if own.sum() < 3:
            break
        around = points[own].astype(np.float64)
        middle = around.mean(axis=0)
        _, axes = np.linalg.eigh((around - middle).T @ (around - middle))
        plane = np.append(axes[:, 0], axes[:, 0] @ middle)
    return plane


def _named(plane: Float64, thickness: float, points: Float32, up: str) -> Plane:
    """The plane with its kind; its normal points to the side with more points."""
    away = points @ plane[:3] - plane[3]
    before, behind = float((away > thickness).mean()), float((away < -thickness).mean())
    sign = 1.0 if before >= behind else -1.0
    normal, level = sign * plane[:3], sign * plane[3]
    off = before + behind
    bounds = off == 0 or max(before, behind) >= _BOUNDS * off
    upward = float(normal @ up_vector(up))
    kind: Kind = "other"
    if bounds and upward >= _PARALLEL:
        kind = "floor"
    elif bounds and upward <= -_PARALLEL:
        kind = "ceiling"
    elif bounds and abs(upward) <= _ACROSS:
        kind = "wall"
    x, y, z = normal.tolist()
    return Plane((x, y, z), float(level), thickness, kind)

"""The large planes of a scan, floor and walls among them, found by RANSAC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from apsnet_core.ops.neighbours import local_planes
from apsnet_core.ops.orientation import up_vector
from apsnet_core.ops.voxel import voxel_sample_exactly
from apsnet_core.types import Float32, Float64, Int64, Mask, Progress

Kind = Literal["floor", "ceiling", "wall", "other"]

_LOOKED_AT = 40_000  # points of a large cloud that planes are looked for in
_TRIES = 200
_BLOCK = 1 << 18
_PARALLEL = np.cos(np.deg2rad(15))
_ACROSS = np.sin(np.deg2rad(15))
_AGREE = np.cos(np.deg2rad(30))
_BOUNDS = 0.97  # of the points lie on one side of a floor, a ceiling, or a wall


@dataclass(frozen=True)
class Plane:
    """The points x with ``normal`` · x = ``level``, give or take ``thickness``; ``normal`` has length 1.

    In the frame of the points it was found in. Of a floor the normal points up, of a wall into the room.
    ``kind`` says what it is by its direction, and by whether nearly all points are on one side of it.
    """

    normal: tuple[float, float, float]
    level: float
    thickness: float
    kind: Kind = "other"

    def above(self, points: Float32) -> Float64:
        """How far (n,) each of ``points`` (n, 3) lies on the side that the normal points to."""
        found: Float64 = points @ np.asarray(self.normal) - self.level
        return found

    def contains(self, points: Float32) -> Mask:
        """Which of ``points`` (n, 3) lie on it."""
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
    """The ``most`` planes that hold a share ``least`` of ``points`` (n, 3) or more, the largest first.

    A plane is tried through a point along its local normal, and kept where it has the most points whose
    normals agree. ``thickness`` is how far off a plane its points may be, by default as far as the noise of
    the scan says. Found in a thinned copy; the same seed gives the same planes.
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
    """(4,): normal and level of the plane with the most points that agree, fitted to them."""
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
    """The plane with its kind; its normal points to where most points are."""
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

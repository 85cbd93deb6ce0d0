"""A simulated scan of a room of bundled shapes: noise, occlusion, a floor, two walls, and true labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from apsnet_core.assets import asset
from apsnet_core.cloud import Float32, Float64, Int64, PointCloud, TriangleMesh
from apsnet_core.files import read
from apsnet_core.ops.surface import sample_surface
from tests.narrow import of_kind

FLOOR, WALL, STRAY = -1, -2, -3

# Name, height in metres, and position.
FURNITURE = (
    ("chair", 0.9, (1.0, 1.0)),
    ("table", 0.75, (2.6, 1.2)),
    ("sofa", 0.8, (4.6, 1.2)),
    ("swivel_chair", 1.0, (1.0, 2.7)),
    ("desk_lamp", 0.5, (2.4, 2.7)),
    ("horse", 1.0, (3.6, 3.0)),
    ("toilet", 0.8, (5.2, 3.2)),
)
SIZE = (6.0, 4.2, 2.4)
EYES = ((3.1, 2.1, 1.6), (0.4, 3.8, 1.9), (5.6, 0.3, 1.9))


@dataclass(frozen=True, eq=False)
class Room:
    """A scan; ``truth`` (n,) has for each point the number of its furniture, or FLOOR, WALL or STRAY."""

    cloud: PointCloud
    truth: Int64


@cache
def room(noise: float = 0.004, seed: int = 0) -> Room:
    """A room of 6 by 4.2 metres, z up, far from the origin, scanned from three positions."""
    rng = np.random.default_rng(seed)
    parts, truth = [], []
    for number, (name, height, at) in enumerate(FURNITURE):
        parts.append(standing(name, height, at, seed + number))
        truth.append(np.full(len(parts[-1]), number))
    floor = rng.uniform(0, 1, (60_000, 3)) * (SIZE[0], SIZE[1], 0)
    back = rng.uniform(0, 1, (34_000, 3)) * (SIZE[0], 0, SIZE[2])
    side = rng.uniform(0, 1, (24_000, 3)) * (0, SIZE[1], SIZE[2])
    parts += [floor, back, side]
    truth += [np.full(len(floor), FLOOR), np.full(len(back) + len(side), WALL)]
    points, kinds = np.concatenate(parts), np.concatenate(truth)
    seen = np.unique(np.concatenate([_seen_from(points, np.array(eye)) for eye in EYES]))
    points, kinds = points[seen] + rng.normal(0, noise, (len(seen), 3)), kinds[seen]
    stray = rng.uniform(0, 1, (300, 3)) * SIZE
    points, kinds = np.concatenate([points, stray]), np.concatenate([kinds, np.full(300, STRAY)])
    order = rng.permutation(len(points))
    return Room(PointCloud.from_array(points[order] + [4000.0, 7000.0, 100.0]), kinds[order])


def standing(name: str, height: float, at: tuple[float, float], seed: int) -> Float64:
    mesh = of_kind(TriangleMesh, read(asset("shapes", f"{name}.obj")))
    xyz = sample_surface(mesh, 16_000, seed).xyz.astype(np.float64)[:, [0, 2, 1]] * [1, -1, 1]
    low, high = xyz.min(axis=0), xyz.max(axis=0)
    xyz = (xyz - [*((low + high) / 2)[:2], low[2]]) * (height / (high - low)[2])
    placed: Float64 = xyz + np.array([*at, 0.0])
    return placed


def _seen_from(points: Float64, eye: Float64) -> Int64:
    """Rows of the visible points: in each third of a degree, those of the nearest surface."""
    away = points - eye
    distance = np.linalg.norm(away, axis=1)
    across = np.floor(np.degrees(np.arctan2(away[:, 1], away[:, 0])) * 3).astype(np.int64)
    upward = np.floor(np.degrees(np.arcsin(away[:, 2] / distance)) * 3).astype(np.int64)
    _, ray = np.unique(across * 2000 + upward, return_inverse=True)
    nearest = np.full(ray.max() + 1, np.inf)
    np.minimum.at(nearest, ray, distance)
    return np.flatnonzero(distance <= nearest[ray] + 0.03)


def overlap(a: Float32 | Int64, b: Float32 | Int64) -> float:
    """Intersection over union of two sets of rows."""
    return len(np.intersect1d(a, b)) / max(len(np.union1d(a, b)), 1)

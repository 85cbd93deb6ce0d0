"""Segment a scan into objects: the clusters that remain without floor, walls and ceiling, or ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.editing.clusters import NONE, by_size, dbscan, thin_copy
from apsnet_core.editing.fragments import join_fragments
from apsnet_core.editing.ground import ground_height, is_landscape
from apsnet_core.editing.hierarchy import hdbscan
from apsnet_core.editing.planes import Plane, find_planes
from apsnet_core.editing.region import usual_reach
from apsnet_core.ops.orientation import guess_up
from apsnet_core.types import Float32, Int64, Mask, Progress

Clusters = Literal["dbscan", "hdbscan"]
CLUSTERS: tuple[Clusters, ...] = get_args(Clusters)
SURROUNDINGS = ("floor", "ceiling", "wall")


@dataclass(frozen=True)
class Segmentation:
    """The settings for segmenting a scan; values that are None are chosen from the scan.

    ``reach`` is the largest gap inside an object, in units of the points. An object has at least the share
    ``least`` of the points. ``thickness`` is that of planes. ``clusters``: "dbscan" separates objects at
    gaps; "hdbscan" is for scans of uneven density, where objects differ in density (needs scikit-learn).
    """

    reach: float | None = None
    least: float = 0.002
    thickness: float | None = None
    seed: int = 0
    clusters: Clusters = "dbscan"


@dataclass(frozen=True, eq=False)
class Objects:
    """The objects of a scan: ``labels`` (n,) from 0, the largest object, to ``count`` - 1, or `NONE`.

    ``support`` (n,) is the mask of the points of floor, walls, ceiling or ground, which are in no object.
    ``reach`` is the largest gap that was bridged, ``planes`` are the planes of the surroundings.
    """

    labels: Int64
    support: Mask
    count: int
    reach: float
    planes: tuple[Plane, ...]

    def rows(self, number: int) -> Int64:
        """The rows of the points of object ``number``, ascending."""
        return np.flatnonzero(self.labels == number)


def split_objects(
    cloud: PointCloud,
    up: str | None = None,
    how: Segmentation | None = None,
    tell: Progress | None = None,
) -> Objects:
    """All objects of a scan: clusters of the points that are neither floor, wall, ceiling nor ground.

    ``how`` sets the method. Clusters are found in a copy with one point per grid cell and transferred to all
    points by the cells, so memory and time grow with the number of points, not with that of neighbours.
    """
    how = how or Segmentation()
    up = up or guess_up(cloud)
    told = tell or (lambda share: None)
    told(0.0)
    around = surroundings(cloud, up, how, lambda share: told(0.4 * share))
    support = around.support
    told(0.4)
    labels = np.full(len(cloud), NONE, dtype=np.int64)
    left = np.flatnonzero(~support)
    reach = how.reach or 0.0
    if len(left):
        points = cloud.xyz[left]
        reach = how.reach or usual_reach(points)
        if how.clusters == "hdbscan":
            means, cell, count = points, np.arange(len(points)), np.ones(len(points), dtype=np.int64)
            found = hdbscan(points, reach)
        else:
            means, cell, count = thin_copy(points, reach / 2)
            # A cell with two points is a core point by itself; stray points are alone in their cells.
            found = dbscan(means, reach, least=2, weights=np.minimum(count, 2))
        told(0.8)
        away = np.full(len(means), np.inf)
        np.minimum.at(away, cell, around.away[left])
        least = max(8, round(how.least * len(cloud)))
        found = join_fragments(means, found, count, away <= around.thickness + reach, reach, least, up)
        told(0.9)
        labels[left] = by_size(found[cell], least=least)
    told(1.0)
    return Objects(labels, support, int(labels.max(initial=NONE)) + 1, reach, around.planes)


def object_at(cloud: PointCloud, at: Sequence[float] | Float64, found: Objects) -> int:
    """The number of the object of the point nearest to ``at``, in the frame of the cloud's ``xyz``.

    Raises ValueError, which says what is there instead, if this point is in no object.
    """
    row = int(np.square(cloud.xyz - np.asarray(at, np.float32)).sum(axis=1).argmin())
    number = int(found.labels[row])
    if number == NONE:
        what = (
            "the floor, a wall or the ground"
            if found.support[row]
            else "a few points that belong to no object"
        )
        raise ValueError(f"there is no object there but {what}; choose a point of an object")
    return number


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The surroundings of objects: floor, walls and ceiling, or the ground if there is no flat floor.

    ``away`` (n,) is the distance of each point to the nearest surface of the surroundings. A point with a
    distance of up to ``thickness`` is a part of it.
    """

    away: Float32
    thickness: float
    planes: tuple[Plane, ...]

    @property
    def support(self) -> Mask:
        """The mask (n,) of the points that are part of the surroundings."""
        return np.asarray(self.away <= self.thickness)


def surroundings(
    cloud: PointCloud, up: str, how: Segmentation | None = None, tell: Progress | None = None
) -> Surroundings:
    """The surroundings of the objects of a scan; ``how`` sets the thickness and the seed of the planes."""
    how = how or Segmentation()
    away = np.full(len(cloud), np.inf, dtype=np.float32)
    around: tuple[Plane, ...] = ()
    if not (land := is_landscape(cloud.xyz, up)):
        planes = find_planes(cloud.xyz, up, thickness=how.thickness, seed=how.seed, tell=tell)
        around = tuple(plane for plane in planes if plane.kind in SURROUNDINGS)
        floors = [plane for plane in around if plane.kind == "floor"]
        land = bool(floors) and is_landscape(cloud.xyz, up, floors)
    if land:
        height, flat = ground_height(cloud.xyz, up)
        np.maximum(height, 0, out=away, casting="same_kind")  # points below, as in a pit, are no object
        return Surroundings(away, how.thickness or flat, ())
    for plane in around:
        np.minimum(away, np.abs(plane.above(cloud.xyz)), out=away, casting="same_kind")
    return Surroundings(away, around[0].thickness if around else 0.0, around)

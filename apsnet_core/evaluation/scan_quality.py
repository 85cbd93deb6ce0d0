"""How well a sampling keeps what is in a scan: its classes, its planes, and an even density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.colours.classes import class_name
from apsnet_core.colours.fields import classes_in, is_categorical
from apsnet_core.editing.planes import find_planes
from apsnet_core.ops.neighbours import nearest_of, neighbour_tree
from apsnet_core.sampling import Sampling
from apsnet_core.types import Values


@dataclass(frozen=True)
class KeptShare:
    """The share of a class or plane, ``name``, of all points ``before`` and of the samples ``after``."""

    name: str
    before: float
    after: float


@dataclass(frozen=True)
class ScanQuality:
    """``unevenness``: see there. ``classes`` are those of the ``field``, None where the cloud has none.

    ``planes`` are the large ones of the cloud, the largest first.
    """

    unevenness: float
    field: str | None
    classes: tuple[KeptShare, ...]
    planes: tuple[KeptShare, ...]

    def as_dict(self) -> Values:
        """All of it as plain values."""
        return {
            "unevenness": self.unevenness,
            "field": self.field,
            "classes": [vars(each) for each in self.classes],
            "planes": [vars(each) for each in self.planes],
        }


def scan_quality(cloud: PointCloud, sampling: Sampling, up: str) -> ScanQuality:
    """What a ``sampling`` keeps of ``cloud``; generated samples have the class of the nearest point."""
    field = next(
        (name for name, v in cloud.attributes.items() if v.ndim == 1 and is_categorical(name, v)), None
    )
    classes: tuple[KeptShare, ...] = ()
    if field is not None:
        rows = sampling.indices
        if rows is None:
            _, rows = nearest_of(cloud.xyz, sampling.points)
        before = dict(zip(*map(np.ndarray.tolist, classes_in(cloud.attributes[field])), strict=True))
        after = dict(zip(*map(np.ndarray.tolist, classes_in(cloud.attributes[field][rows])), strict=True))
        classes = tuple(
            KeptShare(class_name(field, value), count / len(cloud), after.get(value, 0) / len(rows))
            for value, count in before.items()
        )
    planes = tuple(
        KeptShare(
            plane.kind,
            float(plane.contains(cloud.xyz).mean()),
            float(plane.contains(sampling.points).mean()),
        )
        for plane in find_planes(cloud.xyz, up)
    )
    return ScanQuality(unevenness(sampling.points), field, classes, planes)


def unevenness(points: Float32) -> float:
    """How much the distances of ``points`` (m, 3) to their nearest others differ: standard deviation by mean.

    0 for a grid, 0.52 for points drawn at random on a plane (Clark and Evans, 1954), more where they gather.
    """
    if len(points) < 2:
        return 0.0
    distance, _ = neighbour_tree(points).query(points, k=2)
    nearest = distance[:, 1]
    return float(nearest.std() / nearest.mean()) if nearest.any() else 0.0

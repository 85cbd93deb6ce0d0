"""How well a sampling keeps the classes and planes of a scan, and how even its density is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.colours.classes import class_name
from apsnet_core.colours.fields import classes_in, is_categorical, known_as
from apsnet_core.editing.planes import Plane, find_planes
from apsnet_core.ops.neighbours import nearest_of, neighbours
from apsnet_core.remembered import remembered
from apsnet_core.sampling import Sampling
from apsnet_core.types import Values

_CLASSES = re.compile(r"(raw_)?classification|class(_?id)?|labels?|objects?|instance|segment", re.IGNORECASE)


@dataclass(frozen=True)
class KeptShare:
    """The share of the class or plane ``name`` among all points (``before``) and the samples (``after``)."""

    name: str
    before: float
    after: float


@dataclass(frozen=True)
class ScanQuality:
    """The quality of a sampling of a scan; ``unevenness`` is that of the function `unevenness`.

    ``classes`` are the classes of the ``field``, which is None if the cloud has none. ``planes`` are the
    large planes of the cloud, the largest first.
    """

    unevenness: float
    field: str | None
    classes: tuple[KeptShare, ...]
    planes: tuple[KeptShare, ...]

    @property
    def class_shift(self) -> float:
        """The share of samples that would have to change their class to restore the shares of the cloud."""
        return _shift(self.classes)

    @property
    def plane_shift(self) -> float:
        """The same for planes, where the points in no plane count as one more plane."""
        return _shift(self.planes)

    @property
    def values(self) -> Values:
        """Plain values for a line of a table, with each class's share of the samples."""
        shares = {f"share_of_{each.name}": each.after for each in self.classes}
        shifts = {"class_shift": self.class_shift} if self.field is not None else {}
        shifts |= {"plane_shift": self.plane_shift}
        return {"unevenness": self.unevenness, **shifts, **shares}

    def as_dict(self) -> Values:
        """All fields as plain values."""
        return {
            "unevenness": self.unevenness,
            "field": self.field,
            "classes": [vars(each) for each in self.classes],
            "planes": [vars(each) for each in self.planes],
        }


@dataclass(frozen=True, eq=False)
class ScanContents:
    """The classes and planes of a scan, independent of any sampling.

    ``classes`` (k,) are the classes of the ``field`` with their shares of the points, ``planes`` the large
    planes with theirs. ``field`` is None if the cloud has no classes.
    """

    field: str | None
    classes: tuple[tuple[int, float], ...]
    planes: tuple[tuple[Plane, float], ...]


@remembered(64)
def contents_of(cloud: PointCloud, up: str) -> ScanContents:
    """The contents of ``cloud``, whose up axis is ``up``; computed once for each cloud."""
    name = class_field(cloud)
    found = (
        () if name is None else zip(*map(np.ndarray.tolist, classes_in(cloud.attributes[name])), strict=True)
    )
    return ScanContents(
        name,
        tuple((value, count / len(cloud)) for value, count in found),
        tuple((plane, float(plane.contains(cloud.xyz).mean())) for plane in find_planes(cloud.xyz, up)),
    )


def class_field(cloud: PointCloud) -> str | None:
    """The name of the field with the class or object of each point; None if there is none."""
    for name, values in cloud.attributes.items():
        if _CLASSES.fullmatch(known_as(name)) and values.ndim == 1 and is_categorical(name, values):
            return name
    return None


def scan_quality(cloud: PointCloud, sampling: Sampling, up: str) -> ScanQuality:
    """The quality of a ``sampling`` of ``cloud``; generated samples take the class of the nearest point."""
    there = contents_of(cloud, up)
    classes: tuple[KeptShare, ...] = ()
    if there.field is not None:
        rows = sampling.indices
        if rows is None:
            _, rows = nearest_of(cloud.xyz, sampling.points)
        found = classes_in(cloud.attributes[there.field][rows])
        after = dict(zip(*map(np.ndarray.tolist, found), strict=True))
        classes = tuple(
            KeptShare(class_name(there.field, value), share, after.get(value, 0) / len(rows))
            for value, share in there.classes
        )
    planes = tuple(
        KeptShare(plane.kind, share, float(plane.contains(sampling.points).mean()))
        for plane, share in there.planes
    )
    return ScanQuality(unevenness(sampling.points), there.field, classes, planes)


def _shift(shares: Sequence[KeptShare]) -> float:
    """Half the sum of all absolute changes (total variation), including the change of the remainder."""
    changes = np.array([each.after - each.before for each in shares])
    return float((np.abs(changes).sum() + abs(changes.sum())) / 2)


def unevenness(points: Float32) -> float:
    """The standard deviation divided by the mean of the nearest-neighbour distances of ``points`` (m, 3).

    0 for a grid, 0.52 for points drawn at random on a plane (Clark and Evans, 1954), more for clusters.
    """
    if len(points) < 2:
        return 0.0
    nearest = np.concatenate([distance[:, 1] for _, distance, _ in neighbours(points, 2)])
    return float(nearest.std() / nearest.mean()) if nearest.any() else 0.0

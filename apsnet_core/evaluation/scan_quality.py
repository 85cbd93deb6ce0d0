"""How well a sampling keeps what is in a scan: its classes, its planes, and an even density."""

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

    @property
    def class_shift(self) -> float:
        """The share of samples that would have to be of another class for each to have its share again."""
        return _shift(self.classes)

    @property
    def plane_shift(self) -> float:
        """The same of planes, and of what lies in none."""
        return _shift(self.planes)

    @property
    def values(self) -> Values:
        """What a table has in a line: plain numbers, and of each class its share of the samples."""
        shares = {f"share_of_{each.name}": each.after for each in self.classes}
        shifts = {"class_shift": self.class_shift} if self.field is not None else {}
        shifts |= {"plane_shift": self.plane_shift}
        return {"unevenness": self.unevenness, **shifts, **shares}

    def as_dict(self) -> Values:
        """All of it as plain values."""
        return {
            "unevenness": self.unevenness,
            "field": self.field,
            "classes": [vars(each) for each in self.classes],
            "planes": [vars(each) for each in self.planes],
        }


@dataclass(frozen=True, eq=False)
class ScanContents:
    """What is in a scan, whatever is sampled of it: the ``classes`` (k,) of a ``field`` and their shares of
    the points, and the ``planes`` with theirs. ``field`` is None where the cloud has no classes.
    """

    field: str | None
    classes: tuple[tuple[int, float], ...]
    planes: tuple[tuple[Plane, float], ...]


@remembered(64)
def contents_of(cloud: PointCloud, up: str) -> ScanContents:
    """What is in ``cloud``, whose axis ``up`` points up; found once for each cloud."""
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
    """The field that says what each point belongs to; None where there is none."""
    for name, values in cloud.attributes.items():
        if _CLASSES.fullmatch(known_as(name)) and values.ndim == 1 and is_categorical(name, values):
            return name
    return None


def scan_quality(cloud: PointCloud, sampling: Sampling, up: str) -> ScanQuality:
    """What a ``sampling`` keeps of ``cloud``; generated samples have the class of the nearest point."""
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
    """Half the sum of all changes (total variation), that of what is in none of them too."""
    changes = np.array([each.after - each.before for each in shares])
    return float((np.abs(changes).sum() + abs(changes.sum())) / 2)


def unevenness(points: Float32) -> float:
    """How much the distances of ``points`` (m, 3) to their nearest others differ: standard deviation by mean.

    0 for a grid, 0.52 for points drawn at random on a plane (Clark and Evans, 1954), more where they gather.
    """
    if len(points) < 2:
        return 0.0
    nearest = np.concatenate([distance[:, 1] for _, distance, _ in neighbours(points, 2)])
    return float(nearest.std() / nearest.mean()) if nearest.any() else 0.0

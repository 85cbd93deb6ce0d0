"""Options that crop, clean and segment a cloud before any other work, as typed in the shell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from apsnet_core.batch.errors import BatchError, SettingsError
from apsnet_core.batch.selections import selection

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.editing.objects import Clusters
    from apsnet_core.editing.steps import EditStep

CLEANINGS = "outliers[:RATIO], lonely:RADIUS, duplicates[:APART], floor, walls, ceiling"
ALL = "all"


@dataclass(frozen=True)
class Cuts:
    """Options that remove points of a cloud.

    ``crop`` are boxes to keep, or with ``outside`` to remove, such as "0:10,-5:5,:" in the file's
    coordinates; "@30" at the end turns a box by 30 degrees about the up axis through its middle. ``clean`` is
    a list of `CLEANINGS`. ``segment`` is the place of an object, or "all", with "@hdbscan" at the end for
    objects of uneven density. ``select`` is a line of `apsnet_core.batch.selections`. ``steps`` is a JSON
    file of `apsnet_core.editing.steps`, which are done first.
    """

    crop: tuple[str, ...] = ()
    outside: bool = False
    clean: str | None = None
    segment: str | None = None
    steps: str | None = None
    select: str | None = None

    def __bool__(self) -> bool:
        return self != Cuts()

    def check(self) -> None:
        """Raise `SettingsError` for invalid options, before any file is read."""
        for text in self.crop:
            _box(text)
        _cleaning(self.clean)
        _place(self.segment)
        self._selected()

    def of(self, cloud: PointCloud, up: str) -> tuple[EditStep, ...]:
        """The steps for a cloud, whose bounding box limits crops with open ends.

        ValueError if a crop is turned and ``up`` is not an axis.
        """
        from apsnet_core.editing.steps import Object

        crops = [_crop(text, cloud, up, self.outside) for text in self.crop]
        at, clusters = _place(self.segment)
        objects = [] if self.segment is None else [Object(at=at, clusters=clusters)]
        return (*_read(self.steps), *crops, *_cleaning(self.clean), *self._selected(), *objects)

    def _selected(self) -> list[EditStep]:
        return [] if self.select is None else [selection(self.select)]

    def done(self, cloud: PointCloud, up: str) -> PointCloud:
        """The cloud after all steps; `BatchError` if no point is left, or a step cannot be done."""
        from apsnet_core.editing.steps import edited_cloud

        try:
            return edited_cloud(cloud, self.of(cloud, up), up)
        except ValueError as error:
            raise BatchError(str(error)) from error


WHOLE = Cuts()


def _read(path: str | None) -> tuple[EditStep, ...]:
    if path is None:
        return ()
    import json

    from apsnet_core.editing.steps import steps_of

    try:
        return steps_of(json.loads(Path(path).read_bytes()))
    except ValueError as error:
        raise BatchError(f"{path}: it holds no steps ({error})") from error


def _box(text: str) -> tuple[list[tuple[float, float]], float]:
    """(low, high) along x, y and z, infinite for an open end, and a turn in degrees."""
    ranges, at, angle = text.partition("@")
    try:
        ends = []
        for part in ranges.split(","):
            low, high = part.split(":")
            ends.append((float(low or -math.inf), float(high or math.inf)))
        if len(ends) != 3 or not all(low < high for low, high in ends):
            raise ValueError
        turn = float(angle) if at else 0.0
        if not math.isfinite(turn):
            raise ValueError
    except ValueError:
        raise SettingsError(
            "a crop is three ranges in the file's coordinates, like 0:10,-5:5,: for any height, with @30 to "
            f"turn it by 30 degrees: not {text!r}"
        ) from None
    if turn and any(math.isinf(low) != math.isinf(high) for low, high in ends):
        raise SettingsError(
            f"a crop turns about its middle: give both ends of a range, or neither, not {text!r}"
        )
    return ends, turn


def _crop(text: str, cloud: PointCloud, up: str, outside: bool) -> EditStep:
    import numpy as np

    from apsnet_core.editing.crop import Box
    from apsnet_core.editing.steps import Crop

    ends, turn = _box(text)
    asked = np.array(ends)
    low, high = cloud.xyz.min(axis=0) + cloud.offset, cloud.xyz.max(axis=0) + cloud.offset
    whole = np.stack([low - 1, high + 1], axis=1)
    if turn:
        unbounded = np.isinf(asked)
        first, last = np.where(unbounded, whole, asked).T
    else:
        unbounded = np.zeros_like(asked, dtype=np.bool_)
        first, last = np.maximum(asked[:, 0], whole[:, 0]), np.minimum(asked[:, 1], whole[:, 1])
    centre, size = (first + last) / 2, np.maximum(last - first, 0.0)
    reach = 2 * float(np.linalg.norm(np.abs(whole - centre[:, None]).max(axis=1)))  # enough in any direction
    size[unbounded[:, 0]] = reach
    along = np.abs(Box((0, 0, 0), (0, 0, 0), 0, up).axes) if turn else np.eye(3)
    if not np.isin(along, (0, 1)).all():
        raise ValueError(f"a crop turns about an axis that points up, x, y or z, not about {up}")
    x, y, z = centre.tolist()
    wide, deep, tall = (along @ size).tolist()
    box = Box((x, y, z), (wide, deep, tall), turn, up if turn else "z")
    return Crop(box=box, keep="outside" if outside else "inside")


def _cleaning(text: str | None) -> list[EditStep]:
    if text is None:
        return []
    from apsnet_core.editing.steps import Duplicates, Lonely, Outliers, Planes

    steps: list[EditStep] = []
    for word in text.split(","):
        name, _, number = word.strip().partition(":")
        try:
            value = float(number) if number else None
            if name == "outliers":
                steps.append(Outliers() if value is None else Outliers(ratio=value))
            elif name == "duplicates":
                steps.append(Duplicates() if value is None else Duplicates(apart=value))
            elif name == "lonely" and value is not None:
                steps.append(Lonely(radius=value))
            elif name in ("floor", "ceiling") and value is None:
                steps.append(Planes(what=("floor",) if name == "floor" else ("ceiling",)))
            elif name in ("wall", "walls") and value is None:
                steps.append(Planes(what=("wall",)))
            else:
                raise ValueError
        except ValueError:
            raise SettingsError(f"--clean takes {CLEANINGS}, with commas between: not {word!r}") from None
    return steps


def _place(text: str | None) -> tuple[tuple[float, float, float] | None, Clusters]:
    """The place of an object, None for all objects, and the method that separates objects."""
    place, at, way = (text or ALL).partition("@")
    if at and way not in ("dbscan", "hdbscan"):
        raise SettingsError(f"--segment ends in @dbscan or @hdbscan, or in neither: not {text!r}")
    clusters: Clusters = "hdbscan" if way == "hdbscan" else "dbscan"
    if place == ALL:
        return None, clusters
    try:
        x, y, z = (float(part) for part in place.split(","))
        if not math.isfinite(x + y + z):
            raise ValueError
    except ValueError:
        raise SettingsError(
            f"--segment takes a place x,y,z in the coordinates of the file, or all: not {text!r}"
        ) from None
    return (x, y, z), clusters

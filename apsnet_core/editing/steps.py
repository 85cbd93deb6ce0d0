"""The editing steps of a cloud as data: they are stored in projects, replayed, and read from JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from apsnet_core.cloud import PointCloud
from apsnet_core.editing import crop, outliers
from apsnet_core.editing.objects import Clusters, Segmentation, object_at, split_objects
from apsnet_core.editing.planes import Kind, find_planes
from apsnet_core.editing.select import Select, values_words, with_values
from apsnet_core.editing.selection import Selection
from apsnet_core.editing.step import Finite, Length, Place, Share, Step
from apsnet_core.ops.orientation import guess_up
from apsnet_core.placing import counted
from apsnet_core.types import Mask, Progress
from apsnet_core.validation import why


class Crop(Step):
    """Keep the points inside or outside of a box."""

    kind: Literal["crop"] = "crop"
    box: crop.Box
    keep: Literal["inside", "outside"] = "inside"

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay."""
        within = crop.inside(cloud, self.box)
        return within if self.keep == "inside" else ~within

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return f"cropped to what is {self.keep} a box"


class Choose(Step):
    """Keep or leave out the points of a selection made by hand."""

    kind: Literal["choose"] = "choose"
    selection: Selection
    keep: bool = False

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay."""
        chosen = self.selection.mask(len(cloud))
        return chosen if self.keep else ~chosen

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return "the selection kept" if self.keep else "the selection left out"


class ByField(Step):
    """Keep or leave out the points whose field is one of ``values``, or is from ``low`` to ``high``.

    Points without a value are in no range.
    """

    kind: Literal["field"] = "field"
    field: str
    values: tuple[Finite, ...] = ()
    low: Finite | None = None
    high: Finite | None = None
    keep: bool = True

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay. Raises ValueError if the cloud lacks the field."""
        within = with_values(cloud, self.field, self.values, self.low, self.high)
        return within if self.keep else ~within

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        told = values_words(self.values, self.low, self.high)
        return f"{self.field} {told} {'kept' if self.keep else 'left out'}"


class Outliers(Step):
    """Leave out statistical outliers by their distances to ``k`` neighbours, beyond ``ratio`` deviations."""

    kind: Literal["outliers"] = "outliers"
    k: Annotated[int, Field(ge=1, le=1000)] = 16
    ratio: Length = 3.0

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay."""
        return ~outliers.statistical_outliers(cloud.xyz, self.k, self.ratio, tell)

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return f"outliers beyond {self.ratio:g} standard deviations left out"


class Lonely(Step):
    """Leave out points with fewer than ``least`` others within ``radius``."""

    kind: Literal["lonely"] = "lonely"
    radius: Length
    least: Annotated[int, Field(ge=1, le=1000)] = 4

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay."""
        return ~outliers.lonely_points(cloud.xyz, self.radius, self.least, tell)

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return f"points with fewer than {self.least} others within {self.radius:g} left out"


class Duplicates(Step):
    """Leave out points at the position of an earlier one; with ``apart``, also in the same grid cell."""

    kind: Literal["duplicates"] = "duplicates"
    apart: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay."""
        return ~outliers.duplicates(cloud.xyz, self.apart, tell)

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return "duplicates left out" + (f" (nearer than {self.apart:g})" if self.apart else "")


class Planes(Step):
    """Leave out the planes of these kinds; a ``thickness`` of None is chosen from the noise of the scan."""

    kind: Literal["planes"] = "planes"
    what: Annotated[tuple[Kind, ...], Field(min_length=1)] = ("floor", "wall", "ceiling")
    thickness: Length | None = None
    least: Share = 0.03

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay."""
        planes = find_planes(cloud.xyz, up, thickness=self.thickness, least=self.least, tell=tell)
        stay = np.ones(len(cloud), dtype=np.bool_)
        for plane in planes:
            if plane.kind in self.what:
                stay &= ~plane.contains(cloud.xyz)
        return stay

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return f"planes left out: {', '.join(self.what)}"


class Object(Step):
    """Keep the object at the place ``at``, in the file's own coordinates, or all objects if ``at`` is None.

    If ``reach`` or ``thickness`` is None, it is chosen from the scan, as in `apsnet_core.editing.objects`.
    """

    kind: Literal["object"] = "object"
    at: Place | None = None
    reach: Length | None = None
    thickness: Length | None = None
    least: Share = 0.002
    clusters: Clusters = "dbscan"

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay. Raises ValueError if there is no object at the place."""
        how = Segmentation(self.reach, self.least, self.thickness, clusters=self.clusters)
        found = split_objects(cloud, up, how, tell)
        if self.at is None:
            return np.asarray(found.labels >= 0)
        return np.asarray(found.labels == object_at(cloud, np.asarray(self.at) - cloud.offset, found))

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        if self.at is None:
            return "objects kept, their surroundings left out"
        return f"the object at {', '.join(f'{part:.10g}' for part in self.at)} kept"


EditStep = Annotated[
    Crop | Choose | ByField | Outliers | Lonely | Duplicates | Planes | Object | Select,
    Field(discriminator="kind"),
]
_STEPS: TypeAdapter[tuple[EditStep, ...]] = TypeAdapter(tuple[EditStep, ...])


def edited_cloud(
    cloud: PointCloud,
    steps: Sequence[EditStep],
    up: str | None = None,
    tell: Callable[[float, str], None] | None = None,
) -> PointCloud:
    """``cloud`` after all ``steps``; the result keeps the rows of its source. ``up`` is guessed if None.

    ``tell`` is called with the completed share and the current step; an exception from it stops the work.
    Raises ValueError if a step cannot be applied or leaves no point.
    """
    up = up or guess_up(cloud)
    for number, step in enumerate(steps):

        def told(share: float, number: int = number, step: EditStep = step) -> None:
            if tell is not None:
                tell((number + share) / len(steps), step.words)

        told(0.0)
        stay = step.kept(cloud, up, told)
        if not stay.any():
            raise ValueError(f"no point is left of {counted(len(cloud), 'point')} after this: {step.words}")
        if not stay.all():
            cloud = cloud.take(np.flatnonzero(stay))
        told(1.0)
    return cloud


def steps_json(steps: Sequence[EditStep]) -> str:
    """The steps as one line of JSON."""
    return _STEPS.dump_json(tuple(steps), exclude_none=True).decode()


def steps_of(values: object) -> tuple[EditStep, ...]:
    """The steps in ``values`` from `json.loads`. Raises ValueError, which says what is wrong.

    >>> steps_of([{"kind": "duplicates"}])[0].words
    'duplicates left out'
    """
    try:
        return _STEPS.validate_python(values, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"step {where or 'list'}: {why(first)}") from None

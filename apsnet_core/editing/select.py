"""An editing step that selects points part by part: by field or place, growing, shrinking, inverting."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.fields import values_of
from apsnet_core.editing import region
from apsnet_core.editing.step import Finite, Length, Place, Step
from apsnet_core.types import Mask, Progress

How = Literal["of", "add", "remove"]
_SIGNS: dict[How, str] = {"of": "", "add": "with ", "remove": "without "}


class _Choice(Step):
    """Points that are intersected with the selection ("of"), added to it, or removed from it."""

    how: How = "of"

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """The selection (n,) after this part; ``chosen`` (n,) is the selection before."""
        if self.how == "add":
            return chosen | self.found(cloud, np.ones_like(chosen))
        found = self.found(cloud, chosen)
        return chosen & ~found if self.how == "remove" else chosen & found

    @abstractmethod
    def found(self, cloud: PointCloud, among: Mask) -> Mask:
        """The mask (n,) of the points that this part names."""


class OfField(_Choice):
    """Points whose field has one of ``values``, or is in the range from ``low`` to ``high``."""

    do: Literal["field"] = "field"
    field: str
    values: tuple[Finite, ...] = ()
    low: Finite | None = None
    high: Finite | None = None

    def found(self, cloud: PointCloud, among: Mask) -> Mask:
        """The mask (n,) of the points with these values."""
        return with_values(cloud, self.field, self.values, self.low, self.high)

    @property
    def words(self) -> str:
        """The selected points in words."""
        return f"{_SIGNS[self.how]}{self.field} {values_words(self.values, self.low, self.high)}"


class NearestTo(_Choice):
    """The point nearest to a place, given in the file's own coordinates."""

    do: Literal["at"] = "at"
    at: Place

    def found(self, cloud: PointCloud, among: Mask) -> Mask:
        """The mask (n,) of the nearest point; only points in the mask ``among`` (n,) are considered."""
        found = np.zeros_like(among)
        rows = np.flatnonzero(among)
        if len(rows):
            away = cloud.xyz[rows] - (np.asarray(self.at) - cloud.offset)
            found[rows[np.square(away).sum(axis=1).argmin()]] = True
        return found

    @property
    def words(self) -> str:
        """The selected point in words."""
        return f"{_SIGNS[self.how]}the point at {', '.join(f'{part:.10g}' for part in self.at)}"


class Grow(Step):
    """Add all points within the length ``by``; None is three times the point spacing."""

    do: Literal["grow"] = "grow"
    by: Length | None = None

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """The selection (n,) after this part; ``chosen`` (n,) is the selection before."""
        return region.grow(cloud.xyz, chosen, self.by or region.usual_growth(cloud.xyz), tell)

    @property
    def words(self) -> str:
        """The change of the selection in words."""
        return "grown" + (f" by {self.by:g}" if self.by else "")


class Shrink(Step):
    """Remove all points within the length ``by`` of a point that is not selected; None is as in `Grow`."""

    do: Literal["shrink"] = "shrink"
    by: Length | None = None

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """The selection (n,) after this part; ``chosen`` (n,) is the selection before."""
        return region.shrink(cloud.xyz, chosen, self.by or region.usual_growth(cloud.xyz), tell)

    @property
    def words(self) -> str:
        """The change of the selection in words."""
        return "shrunk" + (f" by {self.by:g}" if self.by else "")


class Connected(Step):
    """Add all points connected to the selection over gaps up to ``reach``; None is the gap for objects."""

    do: Literal["connected"] = "connected"
    reach: Length | None = None

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """The selection (n,) after this part; ``chosen`` (n,) is the selection before."""
        return region.connected(cloud.xyz, chosen, self.reach or region.usual_reach(cloud.xyz), tell)

    @property
    def words(self) -> str:
        """The change of the selection in words."""
        return "with what hangs together" + (f" over {self.reach:g}" if self.reach else "")


class Invert(Step):
    """Select the points that were not selected, and no others."""

    do: Literal["invert"] = "invert"

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """The selection (n,) after this part; ``chosen`` (n,) is the selection before."""
        return ~chosen

    @property
    def words(self) -> str:
        """The change of the selection in words."""
        return "turned round"


Part = Annotated[OfField | NearestTo | Grow | Shrink | Connected | Invert, Field(discriminator="do")]


class Select(Step):
    """Keep or leave out the points that the parts select; each part changes the selection of the one before.

    The selection before the first part is all points.
    """

    kind: Literal["select"] = "select"
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    keep: bool = True

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The mask (n,) of the points that stay. Raises ValueError if the cloud lacks a field."""
        chosen = np.ones(len(cloud), dtype=np.bool_)
        for number, part in enumerate(self.parts):

            def told(share: float, number: int = number) -> None:
                tell((number + share) / len(self.parts))

            chosen = part.changed(cloud, chosen, told)
        return chosen if self.keep else ~chosen

    @property
    def words(self) -> str:
        """The step in words, for a list of steps."""
        return f"{', '.join(part.words for part in self.parts)}: {'kept' if self.keep else 'left out'}"


def with_values(
    cloud: PointCloud, field: str, values: Sequence[float], low: float | None, high: float | None
) -> Mask:
    """The mask (n,) of the points whose field is one of ``values``, if given, and from ``low`` to ``high``.

    Points without a value are never in the mask. Raises ValueError if the cloud lacks the field.
    """
    numbers = values_of(cloud, field)
    within = np.isfinite(numbers) if numbers.dtype.kind == "f" else np.ones(len(cloud), dtype=np.bool_)
    if values:
        within &= np.isin(numbers, np.array(values))
    if low is not None:
        within &= numbers >= low
    if high is not None:
        within &= numbers <= high
    return within


def values_words(values: Sequence[float], low: float | None, high: float | None) -> str:
    """The values or the range of `with_values` in words."""
    if values:
        return ", ".join(f"{value:g}" for value in values)
    ends = ["" if end is None else f"{end:g}" for end in (low, high)]
    return f"from {ends[0] or 'the least'} to {ends[1] or 'the largest'}"

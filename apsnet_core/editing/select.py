"""A selection made part by part, as a step: by field or place, grown, shrunk, spread, turned round."""

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
    """Points that narrow what is selected, are added to it, or taken from it."""

    how: How = "of"

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """What is selected (n,) of the ``cloud`` after this part, where ``chosen`` (n,) was before."""
        if self.how == "add":
            return chosen | self.found(cloud, np.ones_like(chosen))
        found = self.found(cloud, chosen)
        return chosen & ~found if self.how == "remove" else chosen & found

    @abstractmethod
    def found(self, cloud: PointCloud, among: Mask) -> Mask:
        """The points (n,) that are meant."""


class OfField(_Choice):
    """Points whose field has one of ``values``, or lies from ``low`` to ``high``."""

    do: Literal["field"] = "field"
    field: str
    values: tuple[Finite, ...] = ()
    low: Finite | None = None
    high: Finite | None = None

    def found(self, cloud: PointCloud, among: Mask) -> Mask:
        """The points (n,) that are meant."""
        return with_values(cloud, self.field, self.values, self.low, self.high)

    @property
    def words(self) -> str:
        """What is selected."""
        return f"{_SIGNS[self.how]}{self.field} {values_words(self.values, self.low, self.high)}"


class NearestTo(_Choice):
    """The point nearest to a place, given in the file's own coordinates."""

    do: Literal["at"] = "at"
    at: Place

    def found(self, cloud: PointCloud, among: Mask) -> Mask:
        """The point that is meant, (n,): of those ``among``."""
        found = np.zeros_like(among)
        rows = np.flatnonzero(among)
        if len(rows):
            away = cloud.xyz[rows] - (np.asarray(self.at) - cloud.offset)
            found[rows[np.square(away).sum(axis=1).argmin()]] = True
        return found

    @property
    def words(self) -> str:
        """What is selected."""
        return f"{_SIGNS[self.how]}the point at {', '.join(f'{part:.10g}' for part in self.at)}"


class Grow(Step):
    """And all within a length; None is three times as far as neighbours are."""

    do: Literal["grow"] = "grow"
    by: Length | None = None

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """What is selected (n,) of the ``cloud`` after this part, where ``chosen`` (n,) was before."""
        return region.grow(cloud.xyz, chosen, self.by or region.usual_growth(cloud.xyz), tell)

    @property
    def words(self) -> str:
        """What is done to the selection."""
        return "grown" + (f" by {self.by:g}" if self.by else "")


class Shrink(Step):
    """Without what lies within a length of any other point; None is as of `Grow`."""

    do: Literal["shrink"] = "shrink"
    by: Length | None = None

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """What is selected (n,) of the ``cloud`` after this part, where ``chosen`` (n,) was before."""
        return region.shrink(cloud.xyz, chosen, self.by or region.usual_growth(cloud.xyz), tell)

    @property
    def words(self) -> str:
        """What is done to the selection."""
        return "shrunk" + (f" by {self.by:g}" if self.by else "")


class Connected(Step):
    """And all that hangs together with it, over gaps up to ``reach``; None is that of objects."""

    do: Literal["connected"] = "connected"
    reach: Length | None = None

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """What is selected (n,) of the ``cloud`` after this part, where ``chosen`` (n,) was before."""
        return region.connected(cloud.xyz, chosen, self.reach or region.usual_reach(cloud.xyz), tell)

    @property
    def words(self) -> str:
        """What is done to the selection."""
        return "with what hangs together" + (f" over {self.reach:g}" if self.reach else "")


class Invert(Step):
    """What was not selected."""

    do: Literal["invert"] = "invert"

    def changed(self, cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
        """What is selected (n,) of the ``cloud`` after this part, where ``chosen`` (n,) was before."""
        return ~chosen

    @property
    def words(self) -> str:
        """What is done to the selection."""
        return "turned round"


Part = Annotated[OfField | NearestTo | Grow | Shrink | Connected | Invert, Field(discriminator="do")]


class Select(Step):
    """Keep what the parts select, or leave it out: of all points, each of what the one before selected."""

    kind: Literal["select"] = "select"
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    keep: bool = True

    def kept(self, cloud: PointCloud, up: str, tell: Progress) -> Mask:
        """The points (n,) that stay; ValueError where the cloud has no such field."""
        chosen = np.ones(len(cloud), dtype=np.bool_)
        for number, part in enumerate(self.parts):

            def told(share: float, number: int = number) -> None:
                tell((number + share) / len(self.parts))

            chosen = part.changed(cloud, chosen, told)
        return chosen if self.keep else ~chosen

    @property
    def words(self) -> str:
        """What is done, for a list of steps."""
        return f"{', '.join(part.words for part in self.parts)}: {'kept' if self.keep else 'left out'}"


def with_values(
    cloud: PointCloud, field: str, values: Sequence[float], low: float | None, high: float | None
) -> Mask:
    """The points (n,) whose field has one of ``values``, if some are given, and lies in a range.

    What has no value is in no range. ValueError where the cloud has no such field.
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
    """The values of `with_values` in words."""
    if values:
        return ", ".join(f"{value:g}" for value in values)
    ends = ["" if end is None else f"{end:g}" for end in (low, high)]
    return f"from {ends[0] or 'the least'} to {ends[1] or 'the largest'}"

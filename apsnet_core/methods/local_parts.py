"""A cloud divided: into square tiles, into cells of equal weight, or into the objects of a scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from apsnet_core.cloud import Float32, Float64, Int64, PointCloud
from apsnet_core.editing.objects import split_objects
from apsnet_core.ops.orientation import up_turn
from apsnet_core.placing import corners
from apsnet_core.types import Mask, Progress

By = Literal["tiles", "cells", "objects"]
WAYS: tuple[By, ...] = ("tiles", "cells", "objects")

_SMALLEST = 16  # points that are still divided
_SLOTS = 4096  # of a side, to find where half of the points lie


@dataclass(frozen=True, eq=False)
class Part:
    """The ``rows`` (k,) of a part's points, and its box from ``low`` to ``high`` (3,), in turned coordinates.

    An object has no box (None): its surroundings say nothing of it.
    """

    rows: Int64
    low: Float64 | None
    high: Float64 | None


@dataclass(frozen=True, eq=False)
class Parts:
    """All parts of a cloud, and its points (n, 3) turned from ``up`` to z, in which their boxes are."""

    each: tuple[Part, ...]
    turned: Float32
    up: str

    @cached_property
    def ends(self) -> tuple[Float64, Float64]:
        """The corners (3,) of the box of all points."""
        return self.turned.min(axis=0).astype(np.float64), self.turned.max(axis=0).astype(np.float64)

    def turn(self, points: Float32) -> Float32:
        """Points (k, 3) of the cloud's frame in that of the boxes."""
        return (points @ up_turn(self.up, "z").T).astype(np.float32)

    def number_of(self) -> Int64:
        """The part (n,) of each point, -1 of one that is in none."""
        numbers = np.full(len(self.turned), -1, dtype=np.int64)
        for number, part in enumerate(self.each):
            numbers[part.rows] = number
        return numbers


def divide(
    cloud: PointCloud, by: By, weights: Float64, largest: float, up: str, tell: Progress | None = None
) -> Parts:
    """``cloud`` in parts of a weight of at most ``largest``; ``weights`` (n,) are those of the points.

    Tiles are squares seen from above, halved both ways where they are too heavy; cells are halved across
    their longest side until each has its share; objects are what they are, however heavy. With every part
    ``tell`` is told that nothing is sampled yet, and may stop the work.
    """
    turned = (cloud.xyz @ up_turn(up, "z").T).astype(np.float32)
    if by == "objects":
        found = split_objects(cloud, up, tell=None if tell is None else lambda _: tell(0.0))
        if not found.count:
            raise ValueError("no object is in the cloud; --by tiles or cells divides any cloud")
        return Parts(tuple(Part(found.rows(k), None, None) for k in range(found.count)), turned, up)
    low, high = turned.min(axis=0).astype(np.float64), turned.max(axis=0).astype(np.float64)
    whole = Part(np.arange(len(turned)), low, high)
    if by == "tiles":
        side = float((high - low)[:2].max())
        square = np.array([low[0] + side, low[1] + side, high[2]])
        found_parts = _tiles(Part(whole.rows, low, square), turned, weights, largest)
    else:
        found_parts = _cells(whole, turned, weights, largest)
    each = []
    for part in found_parts:
        each.append(part)
        if tell is not None:
            tell(0.0)
    return Parts(tuple(each), turned, up)


def _tiles(part: Part, turned: Float32, weights: Float64, largest: float) -> Iterator[Part]:
    if not len(part.rows):
        return
    own = turned[part.rows]
    if not _divisible(part, own, weights, largest, 2) or part.low is None or part.high is None:
        yield part
        return
    middle = (part.low + part.high) / 2
    right, behind = (own[:, axis] >= middle[axis] for axis in (0, 1))
    for x in (False, True):
        for y in (False, True):
            low, high = part.low.copy(), part.high.copy()
            for axis, upper in ((0, x), (1, y)):
                (low if upper else high)[axis] = middle[axis]
            yield from _tiles(
                Part(part.rows[(right == x) & (behind == y)], low, high), turned, weights, largest
            )


def _cells(part: Part, turned: Float32, weights: Float64, largest: float) -> Iterator[Part]:
    own = turned[part.rows]
    if not _divisible(part, own, weights, largest, 3) or part.low is None or part.high is None:
        yield part
        return
    first, last = corners(own)
    axis = int((last - first).argmax())
    along = np.ascontiguousarray(own[:, axis])
    at = _half(along, weights[part.rows])
    behind: Mask = along < at
    if not behind.any():  # all up to the half are equal: they stay together
        behind = along <= at
        at = float(np.nextafter(np.float32(at), np.float32(np.inf)))
    low, high = part.low.copy(), part.high.copy()
    low[axis] = high[axis] = at
    yield from _cells(Part(part.rows[behind], part.low, high), turned, weights, largest)
    yield from _cells(Part(part.rows[~behind], low, part.high), turned, weights, largest)


def _half(along: Float32, weights: Float64) -> float:
    """The coordinate up to which points at ``along`` (k,) first have half of their ``weights`` (k,).

    Only those that fall into the slot of the half are sorted: of millions, sorting all took the most time.
    """
    least, extent = along.min(), np.ptp(along)
    slot = np.minimum((along - least) / extent * _SLOTS, _SLOTS - 1).astype(np.int64)
    total = np.cumsum(np.bincount(slot, weights))
    at = int(np.searchsorted(total, total[-1] / 2))
    there = np.flatnonzero(slot == at)
    there = there[np.argsort(along[there], kind="stable")]
    reached = np.cumsum(weights[there]) + (total[at - 1] if at else 0.0)
    return float(along[there[min(int(np.searchsorted(reached, total[-1] / 2)), len(there) - 1)]])


def _divisible(part: Part, own: Float32, weights: Float64, largest: float, axes: int) -> bool:
    """Whether it is too heavy, and its points (k, 3) are not all at one place."""
    if len(own) <= _SMALLEST or float(weights[part.rows].sum()) <= largest:
        return False
    low, high = corners(own)
    return float((high - low)[:axes].max()) > 1e-5 * float(max(abs(low).max(), abs(high).max()))


class Neighbourhood:
    """The points (n, 3) of a cloud by the bucket of a grid they are in, to find those in a box."""

    def __init__(self, points: Float32, mean: int = 64) -> None:
        self._points, self._low = points, points.min(axis=0).astype(np.float64)
        extent = np.maximum(np.ptp(points, axis=0).astype(np.float64), 1e-12)
        cells = max(len(points) / mean, 1.0)
        edge = max(float((extent.prod() / cells) ** (1 / 3)), float(extent.max()) / 256)
        self._sides = np.minimum(np.ceil(extent / edge).astype(np.int64), 256)
        self._edges = extent / self._sides
        key = self._key(self._slots(points))
        self._order = np.argsort(key, kind="stable")
        self._starts = np.searchsorted(key[self._order], np.arange(int(self._sides.prod()) + 1))

    def within(self, low: Float64, high: Float64) -> Int64:
        """The rows of the points from ``low`` to ``high`` (3,), their faces included."""
        first, last = self._slots(np.stack([low, high]))
        found = []
        for x in range(first[0], last[0] + 1):
            columns = np.arange(first[1], last[1] + 1)
            beginnings = np.stack([np.full_like(columns, x), columns, np.full_like(columns, first[2])], 1)
            for start in self._key(beginnings).tolist():  # along z the buckets follow each other
                end = start + int(last[2] - first[2]) + 1
                found.append(self._order[self._starts[start] : self._starts[end]])
        rows = np.concatenate(found)
        own = self._points[rows]
        inside: Int64 = rows[((own >= low) & (own <= high)).all(axis=1)]
        return inside

    def _slots(self, points: Float32 | Float64) -> Int64:
        slots = np.floor((points - self._low) / self._edges)
        found: Int64 = np.clip(slots, 0, self._sides - 1).astype(np.int64)
        return found

    def _key(self, slots: Int64) -> Int64:
        key: Int64 = (slots[:, 0] * self._sides[1] + slots[:, 1]) * self._sides[2] + slots[:, 2]
        return key

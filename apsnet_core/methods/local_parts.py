"""Division of a cloud into square tiles, into cells of equal weight, or into the objects of a scan."""

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

_SMALLEST = 16  # parts with at most this many points are not divided
_SLOTS = 4096  # histogram bins along a side, to find the weighted median


@dataclass(frozen=True, eq=False)
class Part:
    """The ``rows`` (k,) of a part's points, and its box from ``low`` to ``high`` (3,), in turned coordinates.

    An object has no box (None), because it is sampled without its surroundings.
    """

    rows: Int64
    low: Float64 | None
    high: Float64 | None


@dataclass(frozen=True, eq=False)
class Parts:
    """All parts of a cloud, and its points (n, 3) turned from ``up`` to z, the coordinates of the boxes."""

    each: tuple[Part, ...]
    turned: Float32
    up: str

    @cached_property
    def ends(self) -> tuple[Float64, Float64]:
        """The two corners (3,) of the bounding box of all points."""
        return self.turned.min(axis=0).astype(np.float64), self.turned.max(axis=0).astype(np.float64)

    def turn(self, points: Float32) -> Float32:
        """Turn points (k, 3) from the cloud's coordinates to the coordinates of the boxes."""
        return (points @ up_turn(self.up, "z").T).astype(np.float32)

    def number_of(self) -> Int64:
        """The number (n,) of each point's part, -1 for points in no part."""
        numbers = np.full(len(self.turned), -1, dtype=np.int64)
        for number, part in enumerate(self.each):
            numbers[part.rows] = number
        return numbers


def divide(
    cloud: PointCloud, by: By, weights: Float64, largest: float, up: str, tell: Progress | None = None
) -> Parts:
    """Divide ``cloud`` into parts with a weight of at most ``largest``; ``weights`` (n,) are the points'.

    Tiles are squares seen from above, divided into four if they are too heavy. Cells are halved across their
    longest side until each has its share. Objects are not divided, whatever their weight. ``tell`` is called
    with 0 for every part, because nothing is sampled yet, and may stop the work.
    """
    turned = (cloud.xyz @ up_turn(up, "z").T).astype(np.float32)
    if by == "objects":
        found = split_objects(cloud, up, tell=None if tell is None else lambda _: tell(0.0))
        if not found.count:
            raise ValueError("no object was found in the cloud; --by tiles or cells divides any cloud")
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
    if not behind.any():  # all points up to the median have one coordinate, and stay together
        behind = along <= at
        at = float(np.nextafter(np.float32(at), np.float32(np.inf)))
    low, high = part.low.copy(), part.high.copy()
    low[axis] = high[axis] = at
    yield from _cells(Part(part.rows[behind], part.low, high), turned, weights, largest)
    yield from _cells(Part(part.rows[~behind], low, part.high), turned, weights, largest)


def _half(along: Float32, weights: Float64) -> float:
    """The weighted median of the coordinates ``along`` (k,) with ``weights`` (k,).

    Only the points in the histogram bin of the median are sorted, because sorting millions of points is slow.
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
    """Whether a part is too heavy, and its points (k, 3) are not all at one place."""
    if len(own) <= _SMALLEST or float(weights[part.rows].sum()) <= largest:
        return False
    low, high = corners(own)
    return float((high - low)[:axes].max()) > 1e-5 * float(max(abs(low).max(), abs(high).max()))


class Neighbourhood:
    """A grid index of the points (n, 3) of a cloud, to find the points in a box."""

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
        """The indices of the points in the box from ``low`` to ``high`` (3,), including its faces."""
        first, last = self._slots(np.stack([low, high]))
        found = []
        for x in range(first[0], last[0] + 1):
            columns = np.arange(first[1], last[1] + 1)
            beginnings = np.stack([np.full_like(columns, x), columns, np.full_like(columns, first[2])], 1)
            for start in self._key(beginnings).tolist():  # along z the cells are consecutive
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

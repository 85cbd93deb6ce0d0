"""Clouds brought to the place and size a network was trained with, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64
from apsnet_core.placing import corners
from apsnet_core.types import Array

Normalisation = Literal["unit_sphere", "half_sphere", "unit_cube", "none"]

_BLOCK = 1 << 18  # points that are in double precision at a time: all of a scan would take a gigabyte


@dataclass(frozen=True, eq=False)
class Frame:
    """Where a cloud stood: normalised = (points - ``centre`` (3,)) / ``scale``, both float64."""

    centre: Float64
    scale: float

    def apply(self, points: Array) -> Array:
        """Points (..., 3) of the cloud, normalised, in their own precision."""
        return in_blocks(points, lambda block: (block - self.centre) / self.scale)

    def restore(self, points: Array) -> Array:
        """Normalised points (..., 3) back in the coordinates of the cloud, in their own precision."""
        return in_blocks(points, lambda block: block * self.scale + self.centre)


def in_blocks(points: Array, change: Callable[[Array], Array], order: Literal["C", "F"] = "C") -> Array:
    """What ``change`` makes of points (..., 3), in their own precision: a block at a time.

    In the ``order`` F the coordinates of a cloud (n, 3) lie axis by axis, as searches take them.
    """
    rows = points.reshape(-1, 3)
    changed = np.empty(rows.shape, points.dtype, order)
    for first in range(0, len(rows), _BLOCK):
        changed[first : first + _BLOCK] = change(rows[first : first + _BLOCK])
    return changed.reshape(points.shape)


def frame_of(points: Array, normalisation: Normalisation, turn: Float64 | None = None) -> Frame:
    """The frame that normalises a cloud (n, 3), after a ``turn`` (3, 3). Their mean goes to the origin, and

    - ``unit_sphere``: the farthest point to distance 1 (the ModelNet releases);
    - ``half_sphere``: the farthest point to distance 0.5 (the ShapeNet release);
    - ``unit_cube``: the largest extent along an axis becomes 1.

    ``none`` changes nothing. A cloud without extent is moved only. ``ValueError`` for an empty cloud.

    >>> frame = frame_of(np.array([[1.0, 1, 1], [5, 1, 1]]), "unit_sphere")
    >>> frame.centre.tolist(), frame.scale
    ([3.0, 1.0, 1.0], 2.0)
    """
    if normalisation not in get_args(Normalisation):
        raise ValueError(f"no normalisation {normalisation!r}, only {', '.join(get_args(Normalisation))}")
    if not len(points):
        raise ValueError("a cloud without points has no place and no size")
    if normalisation == "none":
        return Frame(np.zeros(3), 1.0)
    centre = np.sum([exact.sum(axis=0) for exact in _exactly(points, turn)], axis=0) / len(points)
    if normalisation == "unit_cube":
        low, high = corners(np.concatenate([corners(exact) for exact in _exactly(points, turn)]))
        size = float((high - low).max())
    else:
        radius = max(float(np.linalg.norm(exact - centre, axis=1).max()) for exact in _exactly(points, turn))
        size = radius if normalisation == "unit_sphere" else 2.0 * radius
    return Frame(centre, size or 1.0)


def _exactly(points: Array, turn: Float64 | None) -> Iterator[Float64]:
    """The points, turned in their own precision, in double precision, block by block."""
    for first in range(0, len(points), _BLOCK):
        block = points[first : first + _BLOCK]
        yield (block if turn is None else block @ turn.T.astype(points.dtype)).astype(np.float64)

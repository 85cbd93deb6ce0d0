"""Normalisation of clouds to the position and size with which a network was trained, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64
from apsnet_core.placing import corners
from apsnet_core.types import Array

Normalisation = Literal["unit_sphere", "half_sphere", "unit_cube", "none"]

_BLOCK = 1 << 18  # points converted to double precision at a time; a whole scan would take a gigabyte


@dataclass(frozen=True, eq=False)
class Frame:
    """The normalisation of a cloud: normalised = (points - ``centre`` (3,)) / ``scale``, both float64."""

    centre: Float64
    scale: float

    def apply(self, points: Array) -> Array:
        """Normalise points (..., 3) of the cloud, in their own precision."""
        return in_blocks(points, lambda block: (block - self.centre) / self.scale)

    def restore(self, points: Array) -> Array:
        """Map normalised points (..., 3) back to the coordinates of the cloud, in their own precision."""
        return in_blocks(points, lambda block: block * self.scale + self.centre)


def in_blocks(points: Array, change: Callable[[Array], Array], order: Literal["C", "F"] = "C") -> Array:
    """Apply ``change`` to points (..., 3), block by block, with the result in their own precision.

    With ``order`` F the coordinates of a cloud (n, 3) are stored axis by axis, as searches need them.
    """
    rows = points.reshape(-1, 3)
    changed = np.empty(rows.shape, points.dtype, order)
    for first in range(0, len(rows), _BLOCK):
        changed[first : first + _BLOCK] = change(rows[first : first + _BLOCK])
    return changed.reshape(points.shape)


def frame_of(points: Array, normalisation: Normalisation, turn: Float64 | None = None) -> Frame:
    """Return the frame that normalises a cloud (n, 3) after a ``turn`` (3, 3).

    The mean of the points moves to the origin, and the cloud is scaled:

    - ``unit_sphere``: the farthest point has distance 1 (the ModelNet releases);
    - ``half_sphere``: the farthest point has distance 0.5 (the ShapeNet release);
    - ``unit_cube``: the largest extent along an axis is 1.

    ``none`` changes nothing. A cloud without extent is only moved. Raises ValueError for an empty cloud.

    >>> frame = frame_of(np.array([[1.0, 1, 1], [5, 1, 1]]), "unit_sphere")
    >>> frame.centre.tolist(), frame.scale
    ([3.0, 1.0, 1.0], 2.0)
    """
    if normalisation not in get_args(Normalisation):
        raise ValueError(f"no normalisation {normalisation!r}, only {', '.join(get_args(Normalisation))}")
    if not len(points):
        raise ValueError("a cloud without points cannot be normalised")
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
    """Yield the points block by block, turned in their own precision and then converted to float64."""
    for first in range(0, len(points), _BLOCK):
        block = points[first : first + _BLOCK]
        yield (block if turn is None else block @ turn.T.astype(points.dtype)).astype(np.float64)

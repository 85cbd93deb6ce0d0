"""The up axis of a shape: guessing it, and turning a shape from one convention to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud, TriangleMesh
from apsnet_core.ops.surface import sample_surface
from apsnet_core.types import Array
from apsnet_core.upward import DIRECTIONS as DIRECTIONS
from apsnet_core.upward import ENOUGH, by_format, guess, some, unlike_mirrored
from apsnet_core.upward import Direction as Direction
from apsnet_core.upward import Up as Up
from apsnet_core.upward import up_text as up_text
from apsnet_core.upward import up_turn as up_turn
from apsnet_core.upward import up_vector as up_vector

Shape = TypeVar("Shape", bound=PointCloud | TriangleMesh)

# The ratio by which a shape must differ more from its mirror image along one axis than along the other for
# `clearly_up` to name an axis. Measured shares of named axes, and of wrong ones: ModelNet10's furniture 32 %
# and 1.3 %; ModelNet40's bathtubs, cars, chairs and planes 62 % and 0; 28 household models 43 % and 0; the
# bundled shapes 36 % and 0. The test is not reliable along x or for upside-down shapes, because many dressers
# look alike from all sides.
_CLEAR = 2.0


def guess_up(shape: PointCloud | TriangleMesh) -> Up:
    """The axis that points up: the file format's up axis if it has one, otherwise a `guess` by the shape."""
    return by_format(shape.source) or guess(_some_points(shape))


def clearly_up(shape: PointCloud | TriangleMesh) -> Up | None:
    """The axis, y or z, that points up judging only by the shape, not by its format; None if not clear."""
    points = _some_points(shape)
    along_y, along_z = unlike_mirrored(points, 1), unlike_mirrored(points, 2)
    if max(along_y, along_z) < _CLEAR * min(along_y, along_z):
        return None
    return "y" if along_y > along_z else "z"


def turn_up(shape: Shape, now: Direction, wanted: Up) -> Shape:
    """Turn a shape, with its normals and offset, by `up_turn`."""
    if now == wanted:
        return shape
    turn = up_turn(now, wanted)
    swap = np.abs(turn).argmax(1)
    sign = turn.sum(1)

    def turned(vectors: Array) -> Array:
        return np.ascontiguousarray(vectors[..., swap] * sign.astype(vectors.dtype))

    normals = None if shape.normals is None else turned(shape.normals)
    if isinstance(shape, TriangleMesh):
        return replace(shape, vertices=turned(shape.vertices), offset=turned(shape.offset), normals=normals)
    grid = None if shape.grid is None else (shape.grid[0][swap], turned(shape.grid[1]))
    return replace(shape, xyz=turned(shape.xyz), offset=turned(shape.offset), normals=normals, grid=grid)


def _some_points(shape: PointCloud | TriangleMesh) -> Float64:
    if isinstance(shape, TriangleMesh):
        return sample_surface(shape, ENOUGH).xyz.astype(np.float64)
    return some(shape.xyz)

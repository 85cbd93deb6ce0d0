"""The points of a layer sorted by where they lie in a picture: four bytes a point, and the cloud itself."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.types import Array, Int64
from apsnet_gui.viewport.camera import Camera, project
from apsnet_gui.viewport.scene import Float32, Float64

Size = tuple[int, int]
_CELL = 8  # logical pixels
_AT_ONCE = 1 << 15  # points projected, or sorted, together: they stay in the cache
_MARGIN = 0.5  # pixels, more than rounding moves a point between one projection and the next


@dataclass(frozen=True, eq=False)
class Near:
    """Points around a pixel: their ``rows`` (k,), ``pixels`` (k, 2), ``depth`` (k,), and how far ``away``."""

    rows: Int64
    pixels: Float64
    depth: Float64
    away: Float64


@dataclass(frozen=True, eq=False)
class Cells:
    """The ``rows`` of the points in the picture, int32, sorted by their cell, and where each cell ``starts``.

    Where a point lies is computed again for the few that are asked for: kept for all of them it would be
    larger than the cloud.
    """

    key: str
    xyz: Float32
    camera: Camera
    size: Size
    rows: Array
    starts: Int64

    @classmethod
    def of(cls, key: str, xyz: Float32, camera: Camera, size: Size) -> Cells:
        """Sort points (n, 3) block by block; of all of them nothing but cells and rows is held."""
        cells, count = _cells(xyz, camera, size)
        blocks = [slice(first, first + _AT_ONCE) for first in range(0, len(cells), _AT_ONCE)]
        starts = np.zeros(count + 1, np.int64)
        for block in blocks:
            starts[1:] += np.bincount(cells[block], minlength=count)
        starts[1] = 0  # what is not in the picture is in no row
        np.cumsum(starts, out=starts)
        free = starts[:-1].copy()
        rows = np.empty(starts[-1], np.int32)
        for block in blocks:
            order = np.argsort(cells[block], kind="stable")
            cell = cells[block][order]
            met = np.bincount(cell, minlength=count)
            outside = met[0]
            place = (free - np.cumsum(met) + met)[cell[outside:]] + np.arange(outside, len(cell))
            rows[place] = order[outside:] + block.start
            free += met
        return cls(key, xyz, camera, size, rows, starts)

    def near(self, x: float, y: float, reach: float) -> Near:
        """The points in the picture at most ``reach`` pixels from one of them."""
        columns, lines = _grid(self.size)
        wide = reach + _MARGIN
        left, right = (int(min(max((x + by) // _CELL + 1, 0), columns - 1)) for by in (-wide, wide))
        first, last = (int(min(max((y + by) // _CELL + 1, 0), lines - 1)) for by in (-wide, wide))
        ends = [(1 + line * columns + left, 2 + line * columns + right) for line in range(first, last + 1)]
        rows = np.concatenate([self.rows[self.starts[low] : self.starts[high]] for low, high in ends])
        pixels, depth = project(self.camera, self.xyz[rows].astype(np.float64), self.size)
        away = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y)
        within = (away <= reach) & ((pixels >= 0) & (pixels < self.size)).all(axis=1)
        if not self.camera.orthographic:
            within &= depth > 0
        return Near(rows[within].astype(np.int64), pixels[within], depth[within], away[within])


def _grid(size: Size) -> tuple[int, int]:
    """Columns and lines of cells, with a margin of one cell all round for what rounding moves."""
    return -(-size[0] // _CELL) + 2, -(-size[1] // _CELL) + 2


def _cells(xyz: Float32, camera: Camera, size: Size) -> tuple[Array, int]:
    """The cell of each point (n,), 0 where it is not in the picture, and how many numbers there are."""
    columns, lines = _grid(size)
    count = columns * lines + 1
    cells = np.empty(len(xyz), np.min_scalar_type(count))  # numpy sorts 16 bits in one go
    for first in range(0, len(xyz), _AT_ONCE):
        pixels, depth = project(camera, xyz[first : first + _AT_ONCE].astype(np.float64), size)
        place = np.floor(pixels / _CELL) + 1
        seen = ((place >= 0) & (place < (columns, lines))).all(axis=1)
        if not camera.orthographic:
            seen &= depth > 0
        number = 1 + place[:, 1] * columns + place[:, 0]
        cells[first : first + _AT_ONCE] = np.where(seen, number, 0)
    return cells, count

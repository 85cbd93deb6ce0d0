"""The points of a layer sorted by cells of a picture; this takes four bytes a point besides the cloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from apsnet_core.arrays import np
from apsnet_core.ops.threads import share_compiled, thread_count
from apsnet_core.types import Array, Int64
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import Float32, Float64

Size = tuple[int, int]
_CELL = 8  # logical pixels
_AT_ONCE = 1 << 15  # points that are projected or sorted in one block, which fits into the processor's cache
_WORTH_A_THREAD = 1 << 17  # the fewest points for which another thread is used
_MARGIN = 0.5  # pixels, more than rounding moves a point between two projections


@dataclass(frozen=True, eq=False)
class Near:
    """Points near a pixel: ``rows`` (k,), ``pixels`` (k, 2), ``depth`` (k,), ``away`` (k,) in pixels."""

    rows: Int64
    pixels: Float64
    depth: Float64
    away: Float64


@dataclass(frozen=True, eq=False)
class Cells:
    """The ``rows`` of the points in the picture, int32, sorted by cell, and the index where each cell starts.

    The pixels of the few points that are requested are computed again: stored for all points they would
    take more memory than the cloud.
    """

    key: str
    xyz: Float32
    camera: Camera
    size: Size
    rows: Array
    starts: Int64

    @classmethod
    def of(cls, key: str, xyz: Float32, camera: Camera, size: Size) -> Cells:
        """Sort points (n, 3) in blocks on all cores; only cells and rows are stored for all points."""
        columns, lines = _grid(size)
        count = columns * lines + 1
        cells = np.empty(len(xyz), np.min_scalar_type(count))  # numpy sorts 16 bits by a fast radix sort
        parts = _parts(len(xyz))
        met = np.empty((len(parts), count), np.int64)  # the number of points of each part in each cell

        def look(part: int) -> None:
            met[part] = 0
            for block in _blocks(parts[part]):
                cells[block] = _cells(xyz[block], camera, size)
                met[part] += np.bincount(cells[block], minlength=count)

        share_compiled(look, range(len(parts)))
        met[:, 0] = 0  # cell 0 holds the points outside the picture, which are not among the rows
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(met.sum(axis=0), out=starts[1:])
        free = starts[:-1] + np.cumsum(met, axis=0) - met
        rows = np.empty(starts[-1], np.int32)

        def sort(part: int) -> None:
            for block in _blocks(parts[part]):
                order = np.argsort(cells[block], kind="stable")
                cell = cells[block][order]
                own = np.bincount(cell, minlength=count)
                outside = own[0]
                place = (free[part] - np.cumsum(own) + own)[cell[outside:]] + np.arange(outside, len(cell))
                rows[place] = order[outside:] + block.start
                free[part] += own

        share_compiled(sort, range(len(parts)))
        return cls(key, xyz, camera, size, rows, starts)

    def near(self, x: float, y: float, reach: float) -> Near:
        """The points in the picture that are at most ``reach`` pixels from the pixel (x, y)."""
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
    """Columns and lines of cells, with a margin of one cell on each side for points moved by rounding."""
    return -(-size[0] // _CELL) + 2, -(-size[1] // _CELL) + 2


def _parts(count: int) -> list[slice]:
    """The rows of ``count`` points in one part per thread, of at least ``_WORTH_A_THREAD`` points each."""
    parts = max(1, min(thread_count(), count // _WORTH_A_THREAD))
    ends = [count * k // parts for k in range(parts + 1)]
    return [slice(first, last) for first, last in pairwise(ends)]


def _blocks(part: slice) -> Iterator[slice]:
    """Yield the rows of a part in blocks."""
    for first in range(part.start, part.stop, _AT_ONCE):
        yield slice(first, min(first + _AT_ONCE, part.stop))


def _cells(xyz: Float32, camera: Camera, size: Size) -> Int64:
    """The cells (k,) of the points of one block (k, 3), 0 for points outside the picture."""
    columns, lines = _grid(size)
    pixels, depth = project(camera, xyz.astype(np.float64), size)
    column, line = np.floor(pixels[:, 0] / _CELL) + 1, np.floor(pixels[:, 1] / _CELL) + 1
    seen = (column >= 0) & (column < columns) & (line >= 0) & (line < lines)
    if not camera.orthographic:
        seen &= depth > 0
    found: Int64 = np.where(seen, 1 + line * columns + column, 0).astype(np.int64)
    return found

"""Find the ground of a scan without a flat floor by a progressive morphological filter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from apsnet_core.editing.planes import Plane
from apsnet_core.ops.orientation import up_turn
from apsnet_core.types import Float32, Float64

_CELLS = 512  # the most cells along the longer side of the ground
_FEW = 8  # the least average number of points per cell
_STEEPEST = 0.5  # the largest slope (rise over run) that is still ground
_HIGHEST = 4.0  # the largest step that is still ground, in cells
_LARGEST = 0.15  # the largest window as a share of the side; no building is larger
_FLAT, _WIDE = 0.2, 0.5  # the largest height over width of certain landscapes, and of possible ones
_ASKED = 100_000
_SEEN = 24  # the cells along the longer side for testing whether a floor is the ground
_OFF = 2.0  # the largest distance of a cell's lowest point from a floor, in multiples of its thickness


def is_landscape(points: Float32, up: str = "z", floors: Sequence[Plane] | None = None) -> bool:
    """Whether ``points`` (n, 3) are a landscape, not a room: they extend much more in width than in height.

    With the ``floors`` found in the points, a less flat scan (such as houses on a street) is a landscape too,
    if the lowest points of most grid cells are on none of the floors, because then the ground is not planar.
    """
    few = points[:: max(len(points) // _ASKED, 1)]
    turned = few.astype(np.float64) @ up_turn(up, "z").T
    wide, deep, high = np.ptp(np.percentile(turned, [1, 99], axis=0), axis=0).tolist()
    if not floors:
        return bool(high < _FLAT * min(wide, deep))
    return bool(high < _WIDE * min(wide, deep)) and _share_on(few, turned, floors) < 0.5


def _share_on(few: Float32, turned: Float64, floors: Sequence[Plane]) -> float:
    """The share of the grid cells, seen from above, whose lowest point is on one of the floors."""
    edge = float(np.ptp(turned[:, :2], axis=0).max()) / _SEEN or 1.0
    slot = ((turned[:, :2] - turned[:, :2].min(axis=0)) / edge).astype(np.int64)
    order = np.lexsort((turned[:, 2], slot[:, 1], slot[:, 0]))
    new = np.append(True, (np.diff(slot[order], axis=0) != 0).any(axis=1))
    lowest = few[order[new]]
    on = np.zeros(len(lowest), dtype=np.bool_)
    for floor in floors:
        on |= np.abs(floor.above(lowest)) <= _OFF * floor.thickness
    return float(on.mean())


def ground_height(points: Float32, up: str = "z") -> tuple[Float64, float]:
    """The heights (n,) of ``points`` (n, 3) above the ground, and the height up to which points are ground.

    The lowest point of a grid cell is ground if it is above its surroundings by no more than a slope allows.
    This is tested with increasingly large surroundings (Zhang et al., 2003).
    """
    turned = points.astype(np.float64) @ up_turn(up, "z").T
    side = float(np.ptp(turned[:, :2], axis=0).max()) or 1.0
    cells = int(np.clip((len(points) / _FEW) ** 0.5, 4, _CELLS))
    edge = side / cells
    slot = ((turned[:, :2] - turned[:, :2].min(axis=0)) / edge).astype(np.int64)
    shape = tuple((slot.max(axis=0) + 1).tolist())
    lowest = np.full(shape, np.inf)
    np.minimum.at(lowest, (slot[:, 0], slot[:, 1]), turned[:, 2])
    surface = _filled(lowest, np.isfinite(lowest))
    ground = np.isfinite(lowest)
    window, before = 1, 1
    while 2 * window + 1 <= max(_LARGEST * cells, 3):
        size = 2 * window + 1
        opened = ndimage.grey_opening(surface, size=(size, size))
        allowed = min(_STEEPEST * edge * (size - before), _HIGHEST * edge)
        ground &= surface - opened <= allowed
        surface = np.minimum(surface, np.where(ground, surface, opened))
        before, window = size, window * 2
    base = ndimage.uniform_filter(_filled(lowest, ground), size=3)
    height = turned[:, 2] - base[slot[:, 0], slot[:, 1]]
    near = np.abs(height[np.abs(height) < edge])
    thickness = 4 * float(np.median(near)) if len(near) else 0.0
    return height, float(np.clip(thickness, 0.25 * edge, 0.5 * edge))


def _filled(values: Float64, known: np.ndarray) -> Float64:
    """``values`` (a, b), where unknown values are replaced by the nearest value that is ``known``."""
    rows = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    found: Float64 = values[tuple(rows)]
    return found

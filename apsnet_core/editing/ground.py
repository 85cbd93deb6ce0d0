"""The ground of a scan that has no flat floor, by a progressive morphological filter."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from apsnet_core.ops.orientation import up_turn
from apsnet_core.types import Float32, Float64

_CELLS = 512  # along the longer side of the ground, at most
_FEW = 8  # points to a cell in the mean, at least
_STEEPEST = 0.5  # rise over run that is still ground
_HIGHEST = 4.0  # cells: a step that is still ground
_LARGEST = 0.15  # of the side: no building is larger
_FLAT, _ASKED = 0.2, 100_000


def is_landscape(points: Float32, up: str = "z") -> bool:
    """Whether ``points`` (n, 3) spread so much wider than high that they are a piece of land, not a room."""
    few = points[:: max(len(points) // _ASKED, 1)].astype(np.float64) @ up_turn(up, "z").T
    wide, deep, high = np.ptp(np.percentile(few, [1, 99], axis=0), axis=0).tolist()
    return bool(high < _FLAT * min(wide, deep))


def ground_height(points: Float32, up: str = "z") -> tuple[Float64, float]:
    """How high (n,) ``points`` (n, 3) lie over the ground, and up to which height they still are ground.

    The lowest points of a grid's cells are the ground where they stand above their surroundings by no more
    than a slope allows, with ever larger surroundings (Zhang et al., 2003).
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
    """``values`` (a, b) with those that are not ``known`` taken from the nearest that is."""
    rows = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    found: Float64 = values[tuple(rows)]
    return found

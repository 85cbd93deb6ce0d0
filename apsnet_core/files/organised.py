"""Organised clouds (h, w, 3), an image with a point at each pixel, told from h clouds of w points."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from apsnet_core.arrays import np
from apsnet_core.types import Array, Float64, Foreign

_LEAST_SIDE = 8
_LOOKED_AT = 64  # rows and columns
_WITHIN = 0.1  # of the spread between rows (columns) there is at most within one
_IN_ORDER = 0.95  # of the steps from row to row go the same way


def is_organised(values: Array | Foreign) -> bool:
    """Whether an array (h, w, 3) is surely what a depth camera or a turning laser saw.

    Then one measure, as the height in the picture, is nearly the same all along a row and rises or falls from
    row to row, and so does another one along the columns. Points in the order of no picture have none.
    """
    if min(values.shape[:2]) < _LEAST_SIDE:
        return False
    steps = [max(1, side // _LOOKED_AT) for side in values.shape[:2]]
    part = np.array(values[:: steps[0], :: steps[1]], dtype=np.float64)
    part[~part.any(axis=-1)] = np.nan  # where nothing was seen
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # rows without a point
        measures = list(_measures(part))
        return any(_tells_apart(m) for m in measures) and any(_tells_apart(m.T) for m in measures)


def _measures(points: Float64) -> Iterator[Float64]:
    """Places, and directions as a camera or laser at the origin sees them, (h, w) each."""
    axes = [points[..., k] for k in range(3)]
    yield from axes
    for k in range(3):
        ahead, a, b = axes[k], axes[k - 2], axes[k - 1]
        yield from (a / ahead, b / ahead, np.arctan2(a, b), ahead / np.hypot(a, b))


def _tells_apart(measure: Float64) -> bool:
    """Whether it is nearly the same along each row, and goes one way from row to row."""
    middles = np.nanmedian(measure, axis=1)
    within = np.nanmedian(np.abs(measure - middles[:, None]))
    between = np.nanmedian(np.abs(middles - np.nanmedian(middles)))
    steps = np.diff(middles[np.isfinite(middles)])
    if len(steps) < _LEAST_SIDE - 1 or not within < _WITHIN * between:
        return False
    return bool(max((steps > 0).mean(), (steps < 0).mean()) >= _IN_ORDER)

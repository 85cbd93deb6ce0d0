"""Distinguish organised clouds (h, w, 3), images with a point at each pixel, from h clouds of w points."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from apsnet_core.arrays import np
from apsnet_core.types import Array, Float64, Foreign

_LEAST_SIDE = 8
_LOOKED_AT = 64  # rows and columns
_WITHIN = 0.1  # the largest spread within a row (column), as a share of the spread between rows (columns)
_IN_ORDER = 0.95  # the least share of steps from row to row that go the same way


def is_organised(values: Array | Foreign) -> bool:
    """Whether an array (h, w, 3) is with certainty an image from a depth camera or a rotating laser scanner.

    In such an image one measure, for example the height, is nearly constant along each row and rises or falls
    from row to row, and another measure does the same along the columns. Unorganised points have none.
    """
    if min(values.shape[:2]) < _LEAST_SIDE:
        return False
    steps = [max(1, side // _LOOKED_AT) for side in values.shape[:2]]
    part = np.array(values[:: steps[0], :: steps[1]], dtype=np.float64)
    part[~part.any(axis=-1)] = np.nan  # pixels without a point
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # rows without a point
        measures = list(_measures(part))
        return any(_tells_apart(m) for m in measures) and any(_tells_apart(m.T) for m in measures)


def _measures(points: Float64) -> Iterator[Float64]:
    """The coordinates, and directions as seen by a camera or laser at the origin; each is (h, w)."""
    axes = [points[..., k] for k in range(3)]
    yield from axes
    for k in range(3):
        ahead, a, b = axes[k], axes[k - 2], axes[k - 1]
        yield from (a / ahead, b / ahead, np.arctan2(a, b), ahead / np.hypot(a, b))


def _tells_apart(measure: Float64) -> bool:
    """Whether a measure is nearly constant along each row and rises or falls steadily from row to row."""
    middles = np.nanmedian(measure, axis=1)
    within = np.nanmedian(np.abs(measure - middles[:, None]))
    between = np.nanmedian(np.abs(middles - np.nanmedian(middles)))
    steps = np.diff(middles[np.isfinite(middles)])
    if len(steps) < _LEAST_SIDE - 1 or not within < _WITHIN * between:
        return False
    return bool(max((steps > 0).mean(), (steps < 0).mean()) >= _IN_ORDER)

"""The area of a polygon by the shoelace formula."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def shoelace(outline: npt.NDArray[np.float64]) -> float:
    """The area of a polygon with corners (n, 2) in clockwise or anticlockwise order."""
    x, y = outline.T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))

"""The area of an outline, by the shoelace formula."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def shoelace(outline: npt.NDArray[np.float64]) -> float:
    """Of corners (n, 2) in order, whichever way around."""
    x, y = outline.T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))

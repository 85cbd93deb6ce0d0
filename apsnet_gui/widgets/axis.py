"""A plot axis with plain numbers, without SI prefixes or powers of ten."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg


class PlainAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose logarithmic ticks are at 1, 2 and 5, or at decades; pyqtgraph's own labels overlap."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)

    def logTickValues(
        self, minVal: float, maxVal: float, size: float, stdTicks: object
    ) -> list[tuple[float | None, list[float]]]:
        span = maxVal - minVal
        digits = range(1, 10) if span < 0.6 else (1, 2, 5) if span < 2 else (1,)
        marks = [
            decade + math.log10(digit)
            for decade in range(math.floor(minVal), math.ceil(maxVal))
            for digit in digits
        ]
        return [(None, [mark for mark in marks if minVal <= mark <= maxVal])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        if self.logMode or spacing is None:
            return [plain(10.0**value) for value in values]
        digits = max(0, math.ceil(-math.log10(spacing * scale) - 1e-9))
        return [f"{value * scale:.{digits}f}" for value in values]


def plain(number: float) -> str:
    """Format ``number`` with four digits and without an exponent."""
    return np.format_float_positional(number, precision=4, fractional=False, trim="-")

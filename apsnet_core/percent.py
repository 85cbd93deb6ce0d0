"""Shares formatted as percentages."""

from __future__ import annotations

from apsnet_core.units import NARROW

SIGN = NARROW + "%"
"""The percent sign with a narrow space before it."""


def percent(share: float, digits: int = 0) -> str:
    """Format a ``share`` of 1 as a percentage with ``digits`` decimals; 100 only for exactly 1.

    >>> percent(0.5219, 1), percent(0.9999, 1), percent(1)
    ('52.2\\u202f%', '>99.9\\u202f%', '100\\u202f%')
    """
    text = f"{100 * share:.{digits}f}"
    if share < 1 and float(text) == 100:
        text = f">{100 - 10**-digits:.{digits}f}"
    return text + SIGN

"""Shares as a person reads them."""

from __future__ import annotations

from apsnet_core.units import NARROW

SIGN = NARROW + "%"
"""The sign with the thin space before it."""


def percent(share: float, digits: int = 0) -> str:
    """A ``share`` of 1 in percent, to so many ``digits``; 100 only where it is exactly that.

    >>> percent(0.5219, 1), percent(0.9999, 1), percent(1)
    ('52.2\\u202f%', '>99.9\\u202f%', '100\\u202f%')
    """
    text = f"{100 * share:.{digits}f}"
    if share < 1 and float(text) == 100:
        text = f">{100 - 10**-digits:.{digits}f}"
    return text + SIGN

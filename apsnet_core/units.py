"""Numbers with their units as a person reads them: no line ends between the two."""

from __future__ import annotations

NARROW = "\u202f"
"""The thin space that no line ends at: between groups of digits, and before the sign of percent."""


def with_unit(number: str, unit: str) -> str:
    """The ``number`` and its ``unit``, with spaces at which no line ends.

    >>> with_unit("0.57", "sq. units")
    '0.57\\xa0sq.\\xa0units'
    """
    return f"{number} {unit}".replace(" ", "\u00a0")

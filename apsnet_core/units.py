"""Numbers with their units as a person reads them: no line ends between the two."""

from __future__ import annotations

NARROW = "\u202f"
"""The thin space that no line ends at: between groups of digits, and before the sign of percent."""


def readable(value: float, digits: str) -> str:
    """``value`` with ``digits`` as of `format`, but large numbers without an exponent.

    >>> readable(38123.4, ".3g"), readable(0.01234, ".3g"), readable(94.26, ".1f")
    ('38123', '0.0123', '94.3')
    """
    text = format(value, digits)
    return f"{value:.0f}" if "e+0" in text and abs(value) < 1e6 else text


def concise(value: float, digits: int) -> str:
    """`readable` with so many digits, for a narrow place: an exponent is as short as it can be.

    >>> concise(0.0000123, 2), concise(38123.4, 3), concise(2.5e12, 2)
    ('1.2e-5', '38123', '2.5e12')
    """
    number, e, exponent = readable(value, f".{digits}g").partition("e")
    return f"{number}e{int(exponent)}" if e else number


def with_unit(number: str, unit: str) -> str:
    """The ``number`` and its ``unit``, with spaces at which no line ends.

    >>> with_unit("0.57", "sq. units")
    '0.57\\xa0sq.\\xa0units'
    """
    return f"{number} {unit}".replace(" ", "\u00a0")

"""Numbers with units as text, without a line break between the two."""

from __future__ import annotations

NARROW = "\u202f"
"""The narrow no-break space, used between groups of digits and before the percent sign."""


def readable(value: float, digits: str) -> str:
    """Format ``value`` with the format specification ``digits``, but numbers up to 10^6 without an exponent.

    >>> readable(38123.4, ".3g"), readable(0.01234, ".3g"), readable(94.26, ".1f")
    ('38123', '0.0123', '94.3')
    """
    text = format(value, digits)
    return f"{value:.0f}" if "e+0" in text and abs(value) < 1e6 else text


def concise(value: float, digits: int) -> str:
    """`readable` with ``digits`` significant digits and the shortest exponent, for narrow places.

    >>> concise(0.0000123, 2), concise(38123.4, 3), concise(2.5e12, 2)
    ('1.2e-5', '38123', '2.5e12')
    """
    number, e, exponent = readable(value, f".{digits}g").partition("e")
    return f"{number}e{int(exponent)}" if e else number


def with_unit(number: str, unit: str) -> str:
    """The ``number`` and its ``unit``, with no-break spaces.

    >>> with_unit("0.57", "sq. units")
    '0.57\\xa0sq.\\xa0units'
    """
    return f"{number} {unit}".replace(" ", "\u00a0")

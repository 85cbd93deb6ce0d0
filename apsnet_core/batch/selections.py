"""A selection as a line of words, "classification=2,6 | grow 0.2 | invert", as typed in a shell."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from apsnet_core.batch.errors import SettingsError

if TYPE_CHECKING:
    from apsnet_core.editing.select import How, Part, Select

PARTS = "FIELD=VALUE,..., FIELD=LOW:HIGH, at X,Y,Z, grow [LENGTH], shrink [LENGTH], connected [GAP], invert"
_CHOICE = re.compile(r"(?P<sign>[+-]?)\s*(?:(?P<field>[^=]+?)\s*=\s*(?P<values>.+)|at\s+(?P<place>.+))")
_HOW: dict[str, How] = {"": "of", "+": "add", "-": "remove"}


def selection(text: str) -> Select:
    """The step that keeps the points that ``text`` selects; `SettingsError` if a part of it is invalid.

    >>> selection("classification=6 | grow 0.2 | - z=:1 | invert").words
    'classification 6, grown by 0.2, without z from the least to 1, turned round: kept'
    """
    from apsnet_core.editing.select import Select

    return Select(parts=tuple(_part(part.strip()) for part in text.split("|")))


def _part(text: str) -> Part:
    from apsnet_core.editing.select import Connected, Grow, Invert, NearestTo, OfField, Shrink

    try:
        choice = _CHOICE.fullmatch(text)
        if choice is not None:
            how = _HOW[choice["sign"]]
            if choice["place"]:
                x, y, z = map(_number, choice["place"].split(","))
                return NearestTo(at=(x, y, z), how=how)
            if ":" in choice["values"]:
                low, high = (_number(end) if end.strip() else None for end in choice["values"].split(":"))
                return OfField(field=choice["field"], low=low, high=high, how=how)
            values = tuple(map(_number, choice["values"].split(",")))
            return OfField(field=choice["field"], values=values, how=how)
        word, _, length = text.partition(" ")
        asked = _number(length) if length else None
        if word == "grow":
            return Grow(by=asked)
        if word == "shrink":
            return Shrink(by=asked)
        if word == "connected":
            return Connected(reach=asked)
        if word == "invert" and asked is None:
            return Invert()
        raise ValueError
    except ValueError:
        raise SettingsError(
            f"--select takes {PARTS}, with | between, a field or place after + to add it or after - to take "
            f"it away: not {text!r}"
        ) from None


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number

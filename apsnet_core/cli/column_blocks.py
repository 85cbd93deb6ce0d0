"""Columns in as many tables, one below another, as a terminal needs to show all of them whole."""

from __future__ import annotations

from collections.abc import Sequence

_BETWEEN = 3  # blanks from one column to the next, as rich draws them
_EDGES = 2


def width_of(texts: Sequence[str]) -> int:
    """How wide a column of these texts is, of one line or several each."""
    return max(len(line) for text in texts for line in text.split("\n"))


def blocks(widths: Sequence[int], before: int, room: int) -> list[list[int]]:
    """The numbers of the columns of each table, at least one to a table.

    ``before`` is the width of what stands before them in every table, ``room`` that of the terminal.
    """
    found: list[list[int]] = []
    left = 0
    for column, width in enumerate(widths):
        if not found or width + _BETWEEN > left:
            found.append([])
            left = room - _EDGES - before
        found[-1].append(column)
        left -= width + _BETWEEN
    return found

"""Splits the columns of a wide table into blocks that fit into a terminal, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

_BETWEEN = 3  # spaces between two columns, as rich draws them
_EDGES = 2


def width_of(texts: Sequence[str]) -> int:
    """The width of a column with these texts, each of one or several lines."""
    return max(len(line) for text in texts for line in text.split("\n"))


def blocks(widths: Sequence[int], before: int, room: int) -> list[list[int]]:
    """The column numbers of each block; a block has at least one column.

    ``before`` is the width of the columns that are repeated at the left of every block, ``room`` the width of
    the terminal.
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

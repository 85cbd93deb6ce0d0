"""The styles in which methods are drawn on the screen, in figures and in reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from apsnet_core.methods.registry import method_colour

MARKERS = ("o", "s", "^", "D", "v", "P")
"""Markers that distinguish series of one colour (other weights, the other variant)."""

Dash = Literal["-", "--", ":", "-."]
DASHES: tuple[Dash, ...] = get_args(Dash)


@dataclass(frozen=True)
class MethodStyle:
    """A ``colour`` as ``#rrggbb``, and its ``rank``: the number of earlier series with the same colour."""

    colour: str
    rank: int

    @property
    def marker(self) -> str:
        """One of `MARKERS`."""
        return MARKERS[self.rank % len(MARKERS)]

    @property
    def dash(self) -> Dash:
        """One of `DASHES`."""
        return DASHES[self.rank % len(DASHES)]


def method_styles(names: Sequence[str]) -> list[MethodStyle]:
    """The style of each series by the name of its method, in order. All styles differ.

    >>> [style.dash for style in method_styles(["apsnet", "random", "apsnet"])]
    ['-', '-', '--']
    """
    styles: list[MethodStyle] = []
    for name in names:
        colour = method_colour(name)
        rank = sum(style.colour == colour for style in styles)
        styles.append(MethodStyle(colour, rank))
    return styles

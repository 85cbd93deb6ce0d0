"""Bounds for the values in a project file, so that no file can cost arbitrary memory or time.

They are far above what a user can reach by hand, so every project that was saved can be opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated


class Bounds:
    """Makes bounds of annotated_types only when a project is checked, because their import takes 5 ms.

    It follows that package's protocol for grouped metadata: pydantic iterates over it to get the bounds.
    """

    __is_annotated_types_grouped_metadata__ = True

    def __init__(self, kind: str, **ends: float) -> None:
        self._kind, self._ends = kind, ends

    def __iter__(self) -> Iterator[object]:
        import annotated_types

        return iter(getattr(annotated_types, self._kind)(**self._ends))


Interval, Len = partial(Bounds, "Interval"), partial(Bounds, "Len")
MOST_POINTS, MOST_SHAPES = 1_000_000, 10_000
MOST_CUTS = 10_000  # cuts of one shape
Text = Annotated[str, Len(max_length=1_000)]
Location = Annotated[str, Len(max_length=4_096)]
Count = Annotated[int, Interval(ge=1, le=MOST_POINTS)]
Seed = Annotated[int, Interval(ge=0, le=2**31 - 1)]
Colour = Annotated[str, Len(max_length=32)]

"""Bounds for the values in a project file: a file from outside must not cost arbitrary memory or time."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Interval, Len

MOST_POINTS, MOST_SHAPES = 1_000_000, 1_000
Text = Annotated[str, Len(max_length=1_000)]
Location = Annotated[str, Len(max_length=4_096)]
Count = Annotated[int, Interval(ge=1, le=MOST_POINTS)]
Seed = Annotated[int, Interval(ge=0, le=2**31 - 1)]
Colour = Annotated[str, Len(max_length=32)]

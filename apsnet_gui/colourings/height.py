"""Colours by height."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.ops.orientation import DIRECTIONS, up_vector
from apsnet_core.types import Array
from apsnet_gui.colourings.by_numbers import number_colours
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, points_of

_WHOLE = FieldScale(percentiles=(0.0, 100.0))


def height_of(shape: Shape, up: str) -> Array:
    """How far up each point lies, (n,) float64, in the file's own coordinates."""
    direction = up_vector(up)
    along: Array = (points_of(shape) @ direction.astype(np.float32)).astype(np.float64)
    return along + float(shape.offset @ direction)


def height_colours(subject: Subject) -> Colours:
    """Colours along what points up; the legend has the file's own coordinates."""
    axis = f", {subject.up}" if subject.up in DIRECTIONS else ""
    heights = height_of(subject.shape, subject.up)
    return number_colours(subject, heights, _WHOLE, f"Height{axis}", unit=subject.shape.unit)


HEIGHT = Colouring(
    "height",
    "&Height",
    "How high each point lies, along the up axis",
    height_colours,
    scale=_WHOLE,
    numbers=height_of,
)

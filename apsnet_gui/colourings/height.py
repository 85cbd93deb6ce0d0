"""Colours by height."""

from __future__ import annotations

from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.colours.fields import HEIGHT as FIELD
from apsnet_core.colours.fields import height_of
from apsnet_core.ops.orientation import DIRECTIONS
from apsnet_core.types import Array
from apsnet_gui.colourings.by_numbers import number_colours
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, points_of

_WHOLE = FieldScale(percentiles=(0.0, 100.0))


def _numbers(shape: Shape, up: str) -> Array:
    return height_of(points_of(shape), shape.offset, up)


def height_colours(subject: Subject) -> Colours:
    """Colours by the height along the up axis; the legend is in the file's coordinates."""
    axis = f", {subject.up}" if subject.up in DIRECTIONS else ""
    return number_colours(subject, _numbers(subject.shape, subject.up), _WHOLE, f"Height{axis}", FIELD)


HEIGHT = Colouring(
    "height",
    "&Height",
    "The height of each point along the up axis",
    height_colours,
    scale=_WHOLE,
    numbers=_numbers,
    of_field=FIELD,
)

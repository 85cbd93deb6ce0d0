"""Colours by a further field of the file, such as intensity, class or time."""

from __future__ import annotations

from functools import partial

from apsnet_core.cloud import PointCloud
from apsnet_core.colours import fields
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.colours.fields import ALWAYS
from apsnet_core.types import Array
from apsnet_gui.colourings.by_numbers import number_colours
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, plain_colours

PREFIX = "field:"
"""The prefix of the names of these colourings, before the name of the field."""


def fields_of(shape: Shape) -> list[str]:
    """The names of the fields of the file that have one number for each point."""
    if not isinstance(shape, PointCloud):
        return []
    return [name for name in fields.fields_of(shape) if name not in ALWAYS or name in shape.attributes]


def by_field(name: str) -> Colouring:
    """The colouring by the field ``name``, which only some shapes have."""
    return Colouring(
        PREFIX + name,
        name,
        f"The values of the field {name}",
        partial(_paint, name),
        partial(_missing, name),
        scale=FieldScale(),
        numbers=partial(_numbers, name),
        of_field=name,
    )


def _missing(name: str, shape: Shape) -> str | None:
    return None if name in fields_of(shape) else f"The file has no field {name}"


def _numbers(name: str, shape: Shape, up: str) -> Array | None:
    if not isinstance(shape, PointCloud) or _missing(name, shape):
        return None
    return fields.values_of(shape, name)


def _paint(name: str, subject: Subject) -> Colours:
    """Colours as in `apsnet_core.colours`: one for each class, or a scale between two percentiles."""
    values = _numbers(name, subject.shape, subject.up)
    if values is None:
        return plain_colours(subject)
    return number_colours(subject, values, FieldScale(), name, name)

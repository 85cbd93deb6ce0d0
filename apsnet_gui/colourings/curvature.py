"""Colours by the curvature of the surface, from the file or estimated."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.curvature import curvature_of, known_curvature
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.colours.fields import CURVATURE as FIELD
from apsnet_core.colours.fields import values_of
from apsnet_core.types import Array
from apsnet_gui.colourings.by_numbers import number_colours
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, plain_colours


def _missing(shape: Shape) -> str | None:
    return None if isinstance(shape, PointCloud) else "Curvature is that of a cloud's points"


def _waits(shape: Shape) -> bool:
    return isinstance(shape, PointCloud) and FIELD not in shape.attributes and known_curvature(shape) is None


def _numbers(shape: Shape, up: str) -> Array | None:
    return values_of(shape, FIELD) if isinstance(shape, PointCloud) and not _waits(shape) else None


def curvature_colours(subject: Subject) -> Colours:
    """Colours of the curvature like those of any field; the plain colour until the curvature is known."""
    values = _numbers(subject.shape, subject.up)
    if values is None:
        return plain_colours(subject)
    return number_colours(subject, values, FieldScale(), "Curvature", FIELD)


CURVATURE = Colouring(
    "curvature",
    "&Curvature",
    "How much the surface bends around each point, from 16 neighbours: 0 where it is flat, at most 1/3",
    curvature_colours,
    _missing,
    scale=FieldScale(),
    numbers=_numbers,
    of_field=FIELD,
    waits=_waits,
    estimate=curvature_of,
)

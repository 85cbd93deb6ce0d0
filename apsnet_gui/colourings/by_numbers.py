"""Colours by one number for each point, on a scale with a range, a colour map and hidden classes."""

from __future__ import annotations

from functools import partial

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.field_colours import FieldScale, colour_of
from apsnet_core.types import Array
from apsnet_gui.colourings.colouring import Colours, Subject
from apsnet_gui.viewport.colormap import ColorBar


def number_colours(subject: Subject, values: Array, usual: FieldScale, title: str, field: str) -> Colours:
    """A colour for each class, or colours of ``values`` (n,) on the subject's scale or the ``usual`` one.

    A scale that does not fit the values is ignored, because it was set for other values.
    """
    standard_time = isinstance(subject.shape, PointCloud) and subject.shape.standard_time
    paint = partial(
        colour_of, values, field=field, dark=subject.dark, length=subject.shape.unit,
        standard_time=standard_time,
    )  # fmt: skip
    try:
        found = paint(subject.scale or usual)
    except ValueError:
        found = paint(usual)
    told = found.legend
    table = told.table if told.missing < len(found.rgb) else told.table[:0]
    bar = ColorBar(
        title, told.low, told.high, table, told.unit_words, told.log, told.classes, told.missing,
        base=told.base,
    )  # fmt: skip
    return Colours(found.rgb, bar, found.shown)

"""Colours by a further field of the points: intensity, class, time, whatever the file has."""

from __future__ import annotations

from functools import partial

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, plain_colours
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.colormap import ColorBar

PREFIX = "field:"
"""What the names of these colourings begin with; the field's own name follows."""


def fields_of(shape: Shape) -> list[str]:
    """The fields that give each point one number."""
    if not isinstance(shape, PointCloud):
        return []
    return [name for name, v in shape.attributes.items() if v.ndim == 1 and v.dtype.kind in "fiub"]


def by_field(name: str) -> Colouring:
    """The colouring by the field ``name``, which only some shapes have."""
    return Colouring(
        PREFIX + name, name, f"The values of the field {name}", partial(_paint, name), partial(_missing, name)
    )


def _missing(name: str, shape: Shape) -> str | None:
    return None if name in fields_of(shape) else f"The file has no field {name}"


def _paint(name: str, subject: Subject) -> Colours:
    """From the least value to the largest; points without a number are grey."""
    if not isinstance(subject.shape, PointCloud) or _missing(name, subject.shape):
        return plain_colours(subject)
    values = subject.shape.attributes[name].astype(np.float64)
    known = values[np.isfinite(values)]
    if not len(known):
        return plain_colours(subject)
    low, high = float(known.min()), float(known.max())
    legend = ColorBar(name, low, high, colormap.table(subject.dark))
    values[~np.isfinite(values)] = np.nan
    return Colours(colormap.apply(values, low, high, dark=subject.dark), legend)

"""A summary of a scalar field of a shape for the choice of its colours: range, histogram or classes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.arrays import np
from apsnet_core.colours.field_colours import FieldScale, LegendClass, colour_of, histogram, value_range
from apsnet_core.colours.fields import classes_in, is_categorical
from apsnet_core.types import Float64, Int64
from apsnet_gui.colourings.colouring import Colouring, Shape


@dataclass(frozen=True, eq=False)
class FieldSummary:
    """The range of the colours, and the histogram: ``counts`` (k,) between ``edges`` (k + 1,).

    A categorical field has ``classes`` instead. ``has_log`` tells whether any value is above zero.
    """

    low: float
    high: float
    counts: Int64
    edges: Float64
    has_log: bool = False
    classes: tuple[LegendClass, ...] = ()


def field_summary(row: Colouring, shape: Shape, up: str, scale: FieldScale) -> FieldSummary | None:
    """The summary of the values that ``row`` colours by; None if there are none.

    This is slow, so call it on a worker thread.
    """
    values = row.numbers(shape, up) if row.numbers else None
    if values is None or not np.isfinite(values).any():
        return None
    if is_categorical(row.of_field, values):
        found, counts = classes_in(values)
        named = colour_of(found, FieldScale(classes=True), field=row.of_field).legend.classes
        many = dict(zip(found.tolist(), counts.tolist(), strict=True))
        classes = tuple(replace(each, count=many[each.value]) for each in named)
        return FieldSummary(float(found[0]), float(found[-1]), counts, np.zeros(0), classes=classes)
    has_log = bool((values > 0).any())
    scale = scale if has_log or not scale.log else replace(scale, log=False)
    return FieldSummary(*value_range(values, scale), *histogram(values, scale), has_log=has_log)

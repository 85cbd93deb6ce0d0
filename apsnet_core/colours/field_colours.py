"""Colour points by a field, with a legend, a range, and a histogram for choosing the range."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.colours import colormap
from apsnet_core.colours.classes import class_colours, class_name
from apsnet_core.colours.colormap import UNKNOWN, Map
from apsnet_core.colours.fields import HEIGHT, classes_in, height_of, is_categorical, unit_of, values_of
from apsnet_core.colours.long_numbers import base_of
from apsnet_core.types import Array, Float64, Int64, Mask, UInt8

_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class FieldScale:
    """The settings for converting the numbers of a field to colours.

    The colours run from ``low`` to ``high``; None means the ``percentiles`` of the finite values. With
    ``classes``, each whole number has its own colour; None decides by the field
    (`apsnet_core.colours.fields.is_categorical`). Points of the ``hidden`` classes are not drawn. Raises
    ValueError for invalid settings.
    """

    low: float | None = None
    high: float | None = None
    percentiles: tuple[float, float] = (1.0, 99.0)
    log: bool = False
    map: Map = "auto"
    classes: bool | None = None
    hidden: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not all(end is None or np.isfinite(end) for end in (self.low, self.high)):
            raise ValueError(f"a range needs finite numbers, not {self.low} to {self.high}")
        first, last = self.percentiles
        if not 0 <= first < last <= 100:
            raise ValueError(f"percentiles go from 0 to 100, the lower one first: not {first:g} and {last:g}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(
                f"a range goes from a lower to a higher number: not {self.low:g} to {self.high:g}"
            )
        if self.log and self.low is not None and self.low <= 0:
            raise ValueError(f"a logarithmic scale starts above zero, not at {self.low:g}")
        if self.map not in colormap.MAPS:
            raise ValueError(f"there is no map {self.map!r}; the maps are {', '.join(colormap.MAPS)}")


@dataclass(frozen=True)
class LegendClass:
    """A class in a legend: its number, name, colour and number of points, and whether they are hidden."""

    value: int
    name: str
    rgb: tuple[int, int, int]
    count: int
    hidden: bool = False


@dataclass(frozen=True, eq=False)
class Legend:
    """The legend of the colours of a field.

    ``table`` (256, 3) runs from ``low`` to ``high``, on a logarithmic scale with ``log``. For fields of
    classes, ``classes`` are the legend instead. ``missing`` is the number of points without a value, which
    are grey. Long numbers that differ little are shown after subtracting ``base``; ``unit_words`` names it.
    """

    title: str
    unit: str
    low: float
    high: float
    log: bool
    table: UInt8
    classes: tuple[LegendClass, ...] = ()
    missing: int = 0
    base: float = 0.0
    since: str = ""

    @property
    def unit_words(self) -> str:
        """The unit with the base or date from which the numbers count; empty if there is none of them."""
        if self.since:
            return f"{self.unit} after {self.since}"
        return f"{self.base:+.15g} {self.unit}".rstrip() if self.base else self.unit

    @property
    def words(self) -> str:
        """The title with the unit."""
        return f"{self.title}, {self.unit_words}" if self.unit_words else self.title


@dataclass(frozen=True, eq=False)
class FieldColours:
    """Colours (n, 3) uint8 of the points, and their legend.

    ``shown`` (n,) is the mask of the points that are drawn, or None if all are drawn.
    """

    rgb: UInt8
    legend: Legend
    shown: Mask | None = None

    @property
    def shown_rows(self) -> Int64:
        """The rows of the points that are drawn."""
        return np.arange(len(self.rgb)) if self.shown is None else np.flatnonzero(self.shown)

    @property
    def drawn(self) -> FieldColours:
        """The colours of only the points that are drawn."""
        return self if self.shown is None else FieldColours(self.rgb[self.shown], self.legend)


def colours_of(
    cloud: PointCloud, field: str, scale: FieldScale | None = None, *, dark: bool = True, up: str = "z"
) -> FieldColours:
    """Colours of a cloud's points by a field of `apsnet_core.colours.fields.fields_of`.

    An additional field is the "height" along ``up``, unless the file has a field with this name. Raises
    ValueError for unknown fields.

    >>> cloud = PointCloud.from_array(np.eye(3), attributes={"classification": np.array([2, 6, 2])})
    >>> [(each.name, each.count) for each in colours_of(cloud, "classification").legend.classes]
    [('Ground', 2), ('Building', 1)]
    """
    told, high = cloud.standard_time, field == HEIGHT and field not in cloud.attributes
    values = height_of(cloud.xyz, cloud.offset, up) if high else values_of(cloud, field)
    return colour_of(values, scale, field=field, dark=dark, length=cloud.unit, standard_time=told)


def colour_of(
    values: Array,
    scale: FieldScale | None = None,
    *,
    field: str = "",
    dark: bool = True,
    length: str = "",
    standard_time: bool = False,
) -> FieldColours:
    """Colours of numbers (n,), grey if they are not finite.

    ``field`` is their name, from which classes are recognised. ``length`` is the unit of coordinates,
    ``standard_time`` is as in `PointCloud`. Raises ValueError if the scale does not fit the numbers.
    """
    scale = scale or FieldScale()
    if _tells_classes(values, scale, field):
        return _by_class(values, field, scale.hidden)
    if scale.hidden:
        raise ValueError(f"{field or 'the field'} has no classes that could be hidden")
    missing = len(values) - int(np.isfinite(values).sum())
    low, high = value_range(values, scale)
    colours = colormap.apply(values, low, high, scale.log, dark, scale.map)
    if missing:
        colours[np.isinf(values)] = UNKNOWN
    table = colormap.table(dark, scale.map)
    unit = unit_of(field, length)
    base, since = base_of(low, high, field, standard_time) if not scale.log else (0.0, "")
    legend = Legend(field, unit, low, high, scale.log, table, missing=missing, base=base, since=since)
    return FieldColours(colours, legend)


def hidden_rows(values: Array, scale: FieldScale, field: str) -> Mask | None:
    """The mask (n,) of the points in hidden classes, which are not drawn; None if no class is hidden."""
    return np.isin(values, scale.hidden) if scale.hidden and _tells_classes(values, scale, field) else None


def _tells_classes(values: Array, scale: FieldScale, field: str) -> bool:
    return scale.classes or (scale.classes is None and is_categorical(field, values))


def value_range(values: Array, scale: FieldScale) -> tuple[float, float]:
    """The values for the first and the last colour; 0 and 1 if there is no finite value.

    A logarithmic scale uses the percentiles of the values above zero. Raises ValueError if there is none.
    """
    low, high = scale.low, scale.high
    if low is None or high is None:
        known = values[np.isfinite(values)] if values.dtype.kind == "f" else values
        if scale.log:
            known = known[known > 0]
            if not len(known):
                raise ValueError("a logarithmic scale needs values above zero, and there is none")
        ends = np.percentile(known, scale.percentiles).tolist() if len(known) else [0.0, 1.0]
        if ends[0] == ends[1] and len(known):  # use the full range to show a few values among many equal ones
            ends = [float(known.min()), float(known.max())]
        low, high = (ends[0] if low is None else low), (ends[1] if high is None else high)
    return low, max(low, high)


def histogram(values: Array, scale: FieldScale | None = None, bins: int = 64) -> tuple[Int64, Float64]:
    """The counts and edges of a histogram with ``bins`` equal bins from the least to the largest value.

    With a logarithmic ``scale`` the bins are equal on this scale and count only the values above zero.
    """
    scale = scale or FieldScale()
    low, high = value_range(values, FieldScale(percentiles=(0, 100), log=scale.log))
    ends = (float(np.log(low)), float(np.log(high))) if scale.log else (low, high)
    counts = np.zeros(bins, dtype=np.int64)
    edges = np.histogram_bin_edges(np.zeros(0), bins, ends if ends[0] < ends[1] else (ends[0], ends[0] + 1))
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE].astype(np.float64)
        part = part[np.isfinite(part) & (part > 0)] if scale.log else part[np.isfinite(part)]
        # Rounding may put a logarithm slightly outside of the range, so it is clipped.
        part = np.clip(np.log(part), *edges[[0, -1]]) if scale.log else part
        counts += np.histogram(part, edges)[0]
    return counts, np.exp(edges) if scale.log else edges


def _by_class(values: Array, field: str, hidden: tuple[int, ...]) -> FieldColours:
    """A colour for each whole number; negative ones (no object) are grey like missing values."""
    found, counts = classes_in(values)
    if not len(found) and np.isfinite(values).any():
        raise ValueError(f"{field or 'the field'} has numbers that are not whole, so they are not classes")
    real = found >= 0
    palette = class_colours(field, found)
    palette[~real] = UNKNOWN
    colours = np.full((len(values), 3), UNKNOWN, dtype=np.uint8)
    for start in range(0, len(values) if len(found) else 0, _AT_ONCE):
        part, into = values[start : start + _AT_ONCE], colours[start : start + _AT_ONCE]
        if values.dtype.kind == "f":
            known = np.isfinite(part)
            into[known] = palette[np.searchsorted(found, part[known].astype(np.int64))]
        else:
            np.take(palette, np.searchsorted(found, part), axis=0, out=into)
    entries = tuple(
        LegendClass(
            int(value), class_name(field, int(value)), tuple(rgb.tolist()), int(count), int(value) in hidden
        )
        for value, rgb, count in zip(found[real], palette[real], counts[real], strict=True)
    )
    missing = len(values) - int(counts[real].sum())
    low, high = (float(found[0]), float(found[-1])) if len(found) else (0.0, 1.0)
    legend = Legend(field, unit_of(field), low, high, False, palette, entries, missing)
    return FieldColours(colours, legend, ~np.isin(values, hidden) if hidden else None)

"""All values of one point in a file, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.colours.classes import class_name
from apsnet_core.colours.fields import unit_of
from apsnet_core.colours.long_numbers import GPS_TIME, date_of

_COLUMNS = 4  # the most columns of a field that are shown
_DIGITS = {2: 4, 4: 7, 8: 12}  # significant digits of floats by their size in bytes


@dataclass(frozen=True)
class PointValue:
    """A field of a point: its name, its value as text, and its unit, which may be empty."""

    name: str
    text: str
    unit: str = ""

    @property
    def words(self) -> str:
        """Name, value and unit."""
        return f"{self.name} {self.text}{' ' * (self.unit not in ('', '°'))}{self.unit}"


def values_at(cloud: PointCloud, row: int) -> list[PointValue]:
    """The attributes of the point ``row``, its GPS date, its colour and its normal, if the file has them.

    >>> cloud = PointCloud.from_array(np.eye(3), attributes={"classification": np.array([2, 6, 2])})
    >>> [value.words for value in values_at(cloud, 1)]
    ['classification 6, Building']
    """
    found = [
        PointValue(name, _text(name, values[row]), unit_of(name)) for name, values in cloud.attributes.items()
    ]
    if cloud.standard_time and (seconds := cloud.attributes.get(GPS_TIME)) is not None:
        date = date_of(float(seconds[row]))
        found += [PointValue("GPS date", date)] * bool(date)
    if cloud.rgb is not None:
        found.append(PointValue("colour", ", ".join(str(part) for part in cloud.rgb[row].tolist())))
    if cloud.normals is not None:
        found.append(PointValue("normal", ", ".join(f"{part:.3f}" for part in cloud.normals[row].tolist())))
    return found


def _text(name: str, value: Any) -> str:
    if isinstance(value, np.ndarray):
        told = [_text("", each) for each in value.ravel()[:_COLUMNS]]
        return ", ".join(told + ["…"] * (value.size > _COLUMNS))
    if isinstance(value, np.floating):
        if np.isnan(value):
            return "no value"
        digits = f"{float(value):.{_DIGITS.get(value.dtype.itemsize, 12)}g}"
        return _with_class(name, int(value), digits) if float(value).is_integer() else digits
    if isinstance(value, np.bool_):
        return "yes" if value else "no"
    if isinstance(value, np.integer):
        return _with_class(name, int(value), str(value))
    return str(value)


def _with_class(name: str, number: int, told: str) -> str:
    known = class_name(name, number)
    return told if known == str(number) else f"{told}, {known}"

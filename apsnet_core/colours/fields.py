"""The numeric fields of a cloud by name, with their values, units and classes."""

from __future__ import annotations

import re

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.colours.curvature import curvature_of
from apsnet_core.ops.orientation import up_vector
from apsnet_core.types import Array, Float32, Float64, Int64

AXES = ("x", "y", "z")
CURVATURE, HEIGHT = "curvature", "height"
ALWAYS = (*AXES, CURVATURE)
"""The fields that every cloud has, independent of its file."""
MOST_CLASSES = 4096

_UNITS = {"gps_time": "s", "time": "s", "scan_angle": "°", "scan_angle_rank": "°"}
_CLASSES = re.compile(
    r"(raw_)?classification|class(_?id)?|labels?|objects?|instance|segment|cluster|plane|part|ring|"
    r"return_number|number_of_returns|point_source_id|user_data|scanner_channel|\w*_flag|"
    r"edge_of_flight_line|synthetic|key_point|withheld|overlap",
    re.IGNORECASE,
)
_LARGEST_CLASS = 1 << 40
_TABLE = 1 << 20  # whole numbers in a range up to this size are counted in a table, others are sorted
_AT_ONCE = 1 << 20


def fields_of(cloud: PointCloud) -> list[str]:
    """The names of all numeric fields: those of the file, then x, y, z and curvature.

    A field with several columns has a name for each column, such as "descriptor[0]".
    """
    names = []
    for name, values in cloud.attributes.items():
        if values.dtype.kind in "fiub" and values.ndim == 1:
            names.append(name)
        elif values.dtype.kind in "fiub" and values.ndim == 2:
            names += [f"{name}[{column}]" for column in range(values.shape[1])]
    return names + [name for name in ALWAYS if name not in names]


def values_of(cloud: PointCloud, field: str) -> Array:
    """The values (n,) of a field in their own type; x, y and z are absolute.

    A curvature that is not in the file is estimated once, which takes as long as estimating normals.

    Raises ValueError, which lists the fields, for an unknown field.
    """
    if field not in fields_of(cloud):
        raise ValueError(f"there is no field {field!r}; the fields are {', '.join(fields_of(cloud))}")
    if field in cloud.attributes:
        return cloud.attributes[field]
    if field in AXES:
        axis = AXES.index(field)
        along: Array = cloud.xyz[:, axis] + cloud.offset[axis]
        return along
    if field == CURVATURE:
        return curvature_of(cloud)
    name, _, column = field.removesuffix("]").rpartition("[")
    return cloud.attributes[name][:, int(column)]


def height_of(points: Float32, offset: Float64, up: str) -> Float64:
    """The absolute heights (n,) along ``up`` of ``points`` (n, 3), which are relative to ``offset`` (3,)."""
    direction = up_vector(up)
    along: Float64 = (points @ direction.astype(np.float32)).astype(np.float64)
    return along + float(offset @ direction)


def known_as(field: str) -> str:
    """The LAS name of a field, which CloudCompare spells differently.

    >>> known_as("scalar_ReturnNumber"), known_as("scalar_Classification"), known_as("gps_time")
    ('return_number', 'classification', 'gps_time')
    """
    bare = field.removeprefix("scalar_") or field
    return re.sub(r"(?<=[a-z])[ _]?(?=[A-Z])", "_", bare).replace(" ", "_").lower()


def unit_of(field: str, length: str = "") -> str:
    """The unit of a field by its name, or an empty string if it is not known.

    ``length`` is the unit of coordinates; "units" is used if it is empty.
    """
    return (length or "units") if field in (*AXES, HEIGHT) else _UNITS.get(known_as(field), "")


def is_categorical(field: str, values: Array) -> bool:
    """Whether the values are classes and not quantities: booleans, or a field with the name of classes."""
    if values.dtype.kind == "b":
        return True
    return _CLASSES.fullmatch(known_as(field)) is not None and 0 < len(classes_in(values)[0]) <= MOST_CLASSES


def classes_in(values: Array) -> tuple[Int64, Int64]:
    """The distinct whole numbers (k,) among ``values`` (n,), ascending, and their counts (k,).

    Missing values are left out. Both are empty if a number has a fraction or is too large for a class.
    """
    none = np.zeros(0, dtype=np.int64)
    known = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if not len(known) or (known.dtype.kind == "f" and (known != np.floor(known)).any()):
        return none, none
    low, high = int(known.min()), int(known.max())
    if max(abs(low), abs(high)) >= _LARGEST_CLASS:
        return none, none
    if high - low >= _TABLE:
        found, times = np.unique(known, return_counts=True)
        return found.astype(np.int64), times.astype(np.int64)
    counts = np.zeros(high - low + 1, dtype=np.int64)
    for start in range(0, len(known), _AT_ONCE):
        counts += np.bincount(known[start : start + _AT_ONCE].astype(np.int64) - low, minlength=len(counts))
    there = np.flatnonzero(counts)
    return there + low, counts[there]

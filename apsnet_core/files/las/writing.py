"""Write LAS and LAZ on the grid of the cloud's source file, with all of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import Float32, Float64, PointCloud
from apsnet_core.files.columns import Column, Columns, split
from apsnet_core.files.crs import vlrs_of
from apsnet_core.placing import corners
from apsnet_core.types import Foreign

_CHUNK = 1 << 15  # points; few enough to stay in the cache while their records are made
_CHUNK_PACKED = 400_000  # points of LAZ; enough to keep a few cores busy
_WHOLE = np.iinfo(np.int32)
# The largest values that the older point formats can store; larger ones need the formats 6 to 8.
_OLD_LIMITS = {"return_number": 7, "number_of_returns": 7, "classification": 31}
_COLOURS = {"red", "green", "blue"}
_NEW_ONLY = ("overlap", "scanner_channel", "scan_angle", "nir")


def write_las(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write LAS on the cloud's own grid if its points are on it, else on the finest grid that holds them."""
    _write(cloud, stream, notes, compressed=False)


def write_laz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write LAZ, which is compressed LAS, see `write_las`."""
    _write(cloud, stream, notes, compressed=True)


def _write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str], compressed: bool) -> None:
    """Write on the cloud's own grid if its points are still on it, else on the finest grid that holds them.

    Fields that LAS defines keep their place, other fields become extra dimensions, and notes a text record.
    """
    import laspy

    fields = _fields(cloud)
    old = _fits_old(fields)
    point_format = laspy.PointFormat(_format_number(fields, old))
    standard = set(point_format.dimension_names)
    if not fields.keys() >= _COLOURS:
        standard -= _COLOURS  # a format with nir has them, but a single field named red is not a colour
    taken = {*point_format.dimension_names, *(point_format.dtype().names or ())}
    vlrs = vlrs_of(cloud.crs)
    wkt = any(vlr.record_id == 2112 for vlr in vlrs)
    header = laspy.LasHeader(point_format=point_format, version="1.2" if old and not wkt else "1.4")
    header.global_encoding.wkt = wkt or not old
    header.global_encoding.gps_time_type = laspy.header.GpsTimeType(int(cloud.standard_time))
    header.generating_software = "APSNet Studio"
    header.vlrs.extend(vlrs)
    if notes:
        text = "; ".join(f"{name}={value}" for name, value in notes.items())
        header.vlrs.append(laspy.VLR("LASF_Spec", 3, "sampling", text.encode() + b"\0"))
    fits = {name: name in standard and _fits(point_format, name, values) for name, values in fields.items()}
    extras: Columns = {}
    for name, values in fields.items():
        if not fits[name]:
            extras[_free_name(name, taken | extras.keys())] = _storable(values)
    header.add_extra_dims([laspy.ExtraBytesParams(name, values.dtype) for name, values in extras.items()])
    header.scales, header.offsets = scales, offsets = _grid_of(cloud)
    own = {name: _as_stored(point_format, name, values) for name, values in fields.items() if fits[name]}
    fields = own | extras
    with laspy.open(stream, mode="w", header=header, do_compress=compressed, closefd=False) as file:
        for rows in _pieces(len(cloud), _CHUNK_PACKED if compressed else _CHUNK):
            points = laspy.ScaleAwarePointRecord.zeros(rows.stop - rows.start, header=header)
            whole = _whole(cloud.xyz[rows], cloud.offset - offsets, scales)
            points["X"], points["Y"], points["Z"] = whole.T
            for name, values in fields.items():
                points[name] = values[rows]
            file.write_points(points)


def _pieces(count: int, size: int) -> Iterator[slice]:
    """Slices of the rows of ``count`` points, at most ``size`` rows each."""
    for first in range(0, count, size):
        yield slice(first, min(first + size, count))


def _fields(cloud: PointCloud) -> Columns:
    fields: Columns = {}
    if cloud.rgb is not None:
        # The format stores 16 bits, so 255 becomes 65535.
        wide = cloud.rgb.astype(np.uint16) * 257 if cloud.rgb.dtype == np.uint8 else cloud.rgb
        fields |= dict(zip(("red", "green", "blue"), wide.T, strict=True))
    if cloud.normals is not None:
        fields |= dict(zip(("nx", "ny", "nz"), cloud.normals.T, strict=True))
    for name, values in split(cloud.attributes).items():
        fields[_free_name(name, {*fields, "X", "Y", "Z", "x", "y", "z"})] = values
    return fields


def _free_name(name: str, taken: set[str]) -> str:
    """``name`` cut to 31 bytes and, if needed, changed so that it is not among the ``taken`` names."""
    short, count = name.encode()[:31].decode(errors="ignore"), 1
    while short in taken:
        count += 1
        short = f"{name.encode()[:27].decode(errors='ignore')}_{count}"
    return short


def _fits_old(fields: Columns) -> bool:
    if any(name in fields for name in _NEW_ONLY):
        return False
    return all(
        name not in fields or bool((fields[name] <= limit).all()) for name, limit in _OLD_LIMITS.items()
    )


def _format_number(fields: Columns, old: bool) -> int:
    coloured = fields.keys() >= _COLOURS
    if old:
        return ("gps_time" in fields) + 2 * coloured
    return 8 if "nir" in fields else 7 if coloured else 6


def _fits(point_format: Foreign, name: str, values: Column) -> bool:
    """Whether the format's own field with this name can store these values exactly."""
    dimension = point_format.dimension_by_name(name)
    if dimension.kind.name == "FloatingPoint":
        exact = values.dtype.kind == "f" or (int(values.max()) <= 2**53 and int(values.min()) >= -(2**53))
        return values.dtype.kind in "fiu" and exact
    if values.dtype.kind == "f" and not (np.isfinite(values).all() and (values == np.floor(values)).all()):
        return False
    low = -(2 ** (dimension.num_bits - 1)) if dimension.kind.name == "SignedInteger" else 0
    high = low + 2**dimension.num_bits - 1
    return bool(low <= float(values.min()) and float(values.max()) <= high)


def _as_stored(point_format: Foreign, name: str, values: Column) -> Column:
    """The values as integers if the field is not floating point, because fields of a few bits take no floats.

    Whole numbers may be floats if they come from another format, for example from text.
    """
    floating = point_format.dimension_by_name(name).kind.name == "FloatingPoint"
    return values.astype(np.int64) if values.dtype.kind == "f" and not floating else values


def _storable(values: Column) -> Column:
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    return values.astype(np.float32) if values.dtype == np.float16 else values


def _grid_of(cloud: PointCloud) -> tuple[Float64, Float64]:
    """The scales and offsets (3,) of the grid for writing the positions."""
    reach = max((float(np.abs(corner).max()) for corner in corners(cloud.xyz)), default=0.0)
    if cloud.grid is not None and _lies_on(cloud, reach, *cloud.grid):
        return cloud.grid
    scale = 10.0 ** np.ceil(np.log10(max(reach, 1e-30) / _WHOLE.max))
    return np.full(3, scale), np.array(cloud.offset)


def _lies_on(cloud: PointCloud, reach: float, scales: Float64, offsets: Float64) -> bool:
    """Whether the points are on the grid and have grid numbers of 32 bits.

    ``reach`` is the largest absolute coordinate relative to the cloud's offset.
    """
    # A float32 is exact to half of its last digit; a larger difference means that the points have moved.
    shift, slack = cloud.offset - offsets, np.spacing(np.float32(reach))
    for rows in _pieces(len(cloud), _CHUNK):
        places = cloud.xyz[rows] + shift
        whole = np.round(places / scales)
        if not (_WHOLE.min <= whole.min() <= whole.max() <= _WHOLE.max):
            return False
        whole *= scales
        whole -= places
        if np.abs(whole, out=whole).max() > slack:
            return False
    return True


def _whole(xyz: Float32, shift: Float64, scales: Float64) -> Column:
    """The int32 grid numbers of positions (k, 3); ``shift`` is the cloud's offset minus that of the grid."""
    places = xyz + shift
    places /= scales
    whole: Column = np.round(places, out=places).astype(np.int32)
    return whole

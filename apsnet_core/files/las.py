"""LAS and LAZ, in pieces, on the file's own grid of whole numbers, with all of its fields."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.files.columns import Column, Columns, check_range, joined, split
from apsnet_core.files.crs import crs_of, vlrs_of
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.placing import choose_offset, counted, finite_normals

_CHUNK = 400_000  # points; enough to keep a few cores busy
_COLOURS = ("red", "green", "blue")
_WHOLE = np.iinfo(np.int32)
# What the older point formats hold of their fields; beyond it formats 6 to 8 are needed.
_OLD_LIMITS = {"return_number": 7, "number_of_returns": 7, "classification": 31}
_NEW_ONLY = ("overlap", "scanner_channel", "scan_angle", "nir")


def read(path: Path) -> PointCloud:
    """A cloud with intensity, classification, times ... as attributes, colours of 16 bits, and the CRS.

    The format has a place for many fields whether they are used or not: those of zeros alone are left out.
    Nothing is allocated on the word of the header.
    """
    import laspy

    notes = _check(path)
    with laspy.open(path) as file:
        header = file.header
        announced = header.point_count
        scales, offsets = np.array(header.scales), np.array(header.offsets)
        if not (np.isfinite(scales).all() and np.isfinite(offsets).all() and scales.all()):
            raise ReadError(
                path, f"its scales {scales} and offsets {offsets} make no coordinates; it is damaged"
            )
        crs = crs_of([*header.vlrs, *(file.evlrs or [])])
        names = [name for name in header.point_format.dimension_names if name not in ("X", "Y", "Z")]
        extra = set(header.point_format.extra_dimension_names)
        pieces: dict[str, list[Column]] = {name: [] for name in names}
        standard_time = bool(header.global_encoding.gps_time_type)
        box = np.array([header.mins, header.maxs])
        grid: list[Column] = []
        count = 0
        for points in file.chunk_iterator(_CHUNK):
            grid.append(np.column_stack([points.X, points.Y, points.Z]).astype(np.int32, copy=False))
            for name in names:
                values = np.asarray(points[name])
                # Zeros are remembered by one of them: most fields of most files hold nothing else.
                pieces[name].append(values.copy() if values.any() else _zeros(values))
            count += len(points)
    if count != announced:
        raise ReadError(
            path, f"its header announces {announced} points and {count} are there; it is cut short"
        )
    low = np.min([part.min(axis=0) for part in grid], axis=0) * scales + offsets
    high = np.max([part.max(axis=0) for part in grid], axis=0) * scales + offsets
    check_range(low, high, path)
    notes += _beyond(box, np.minimum(low, high), np.maximum(low, high), np.abs(scales))
    offset = choose_offset(np.minimum(low, high), np.maximum(low, high))
    xyz = np.empty((count, 3), dtype=np.float32)
    at = 0
    while grid:
        part = grid.pop(0)
        for axis in range(3):
            xyz[at : at + len(part), axis] = part[:, axis] * scales[axis] + offsets[axis] - offset[axis]
        at += len(part)
    used = {name for name in names if name in extra or any(part.any() for part in pieces[name])}
    if used & set(_COLOURS):  # a cloud that is all red has no green
        used |= set(_COLOURS)
    columns: Columns = {name: np.concatenate(pieces.pop(name)) for name in names if name in used}
    rgb = _stacked(columns, _COLOURS)
    directions = _stacked(columns, ("nx", "ny", "nz"))
    normals, remarks = (None, ()) if directions is None else finite_normals(directions)
    if rgb is not None and rgb.max() <= 255:
        rgb = rgb.astype(np.uint8)
        notes += ("colours are of 8 bits in fields of 16",)
    return PointCloud(
        xyz=xyz,
        offset=offset,
        rgb=rgb,
        normals=normals,
        attributes=joined(columns),
        source=str(path),
        crs=crs,
        grid=(scales, offsets),
        notes=notes + remarks,
        standard_time=standard_time,
    )


def _check(path: Path) -> tuple[str, ...]:
    """Holds the header against the file's size before anyone acts on it; a note where the file has more."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        header = stream.read(375)
    if header[:4] != b"LASF":
        raise ReadError(path, "it does not begin with LASF, as LAS and LAZ files do")
    if len(header) < 227:
        raise ReadError(path, "it ends within its header; it is cut short")
    minor, (length, start, records) = header[25], struct.unpack_from("<HII", header, 94)
    # The two highest bits of the format say that the points are compressed.
    kind, row, count = header[104] & 0x3F, *struct.unpack_from("<HI", header, 105)
    if minor >= 4 and len(header) == 375:
        extended = struct.unpack_from("<QI", header, 235)
        count = count or struct.unpack_from("<Q", header, 247)[0]
        if extended[1] and extended[0] + 60 * extended[1] > size:
            raise ReadError(path, "its extended records lie beyond its end; it is cut short or damaged")
    if not 227 <= length <= start <= size or length + records * 54 > start:
        raise ReadError(
            path, "its header does not fit the file: its records and points cannot begin where it says"
        )
    if kind > 10:
        raise ReadError(path, f"its points are of format {kind}; the formats 0 to 10 are accepted")
    if not count:
        raise ReadError(path, "there is no point in it; a file with at least one point would be accepted")
    if header[104] & 0xC0:
        return ()
    held = (size - start) // row if row else 0
    if count * row > size - start:
        raise ReadError(
            path,
            f"its header announces {count} points, which take {count * row} bytes, and {size - start} "
            "follow; it is cut short or damaged",
        )
    more = held - count if minor < 3 else 0  # later versions keep other things behind their points
    return (f"{counted(more, 'point')} more than its header announces left out",) if more else ()


def _beyond(box: Float64, low: Float64, high: Float64, scales: Float64) -> tuple[str, ...]:
    """A note where the header's ``box`` (2, 3) of the points is larger than theirs: some may be missing."""
    with np.errstate(invalid="ignore"):
        beyond = np.maximum(low - box[0], box[1] - high) > 2 * scales
    if not np.isfinite(box).all() or not beyond.any() or not (box[1] > box[0]).any():
        return ()
    axes = ", ".join(
        f"{axis} {box[0, k]:.9g} to {box[1, k]:.9g} and not {low[k]:.9g} to {high[k]:.9g}"
        for k, axis in enumerate("xyz")
        if beyond[k]
    )
    return (f"its header says that the points span {axes}; some may be missing",)


def _zeros(like: Column) -> Column:
    zeros: Column = np.broadcast_to(np.zeros((), like.dtype), like.shape)
    return zeros


def _stacked(columns: Columns, names: tuple[str, str, str]) -> Any:
    if not all(name in columns for name in names):
        return None
    return np.column_stack([columns.pop(name) for name in names])


def write_las(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """See `_write`."""
    _write(cloud, stream, notes, compressed=False)


def write_laz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """See `_write`."""
    _write(cloud, stream, notes, compressed=True)


def _write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str], compressed: bool) -> None:
    """On the grid the cloud came with, where its points still lie on it; else on the finest that holds them.

    Fields that LAS knows go to their place, the others become extra dimensions, and notes a text record.
    """
    import laspy

    fields = _fields(cloud)
    old = _fits_old(fields)
    point_format = laspy.PointFormat(_format_number(fields, old))
    standard = set(point_format.dimension_names)
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
    extras: Columns = {}
    for name, values in fields.items():
        if name not in standard or not _fits(point_format, name, values):
            extras[_free_name(name, standard | extras.keys())] = _storable(values)
    header.add_extra_dims([laspy.ExtraBytesParams(name, values.dtype) for name, values in extras.items()])
    whole, scales, offsets = _on_grid(cloud)
    header.scales, header.offsets = scales, offsets
    las = laspy.LasData(header)
    las.X, las.Y, las.Z = whole.T
    for name, values in fields.items():
        if name in standard and _fits(point_format, name, values):
            las[name] = values
    for name, values in extras.items():
        las[name] = values
    las.write(stream, do_compress=compressed)


def _fields(cloud: PointCloud) -> Columns:
    fields: Columns = {}
    if cloud.rgb is not None:
        # 16 bits are the format's own: 255 becomes 65535.
        wide = cloud.rgb.astype(np.uint16) * 257 if cloud.rgb.dtype == np.uint8 else cloud.rgb
        fields |= dict(zip(("red", "green", "blue"), wide.T, strict=True))
    if cloud.normals is not None:
        fields |= dict(zip(("nx", "ny", "nz"), cloud.normals.T, strict=True))
    for name, values in split(cloud.attributes).items():
        fields[_free_name(name, {*fields, "X", "Y", "Z", "x", "y", "z"})] = values
    return fields


def _free_name(name: str, taken: set[str]) -> str:
    """``name``, or as much of it as fits into 31 bytes, made different from those taken."""
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
    coloured = "red" in fields
    if old:
        return ("gps_time" in fields) + 2 * coloured
    return 8 if "nir" in fields else 7 if coloured else 6


def _fits(point_format: Any, name: str, values: Column) -> bool:
    """Whether the format's own field of that name holds these values as they are."""
    dimension = point_format.dimension_by_name(name)
    if dimension.kind.name == "FloatingPoint":
        exact = values.dtype.kind == "f" or (int(values.max()) <= 2**53 and int(values.min()) >= -(2**53))
        return values.dtype.kind in "fiu" and exact
    if values.dtype.kind == "f" and not (np.isfinite(values).all() and (values == np.floor(values)).all()):
        return False
    low = -(2 ** (dimension.num_bits - 1)) if dimension.kind.name == "SignedInteger" else 0
    high = low + 2**dimension.num_bits - 1
    return bool(low <= values.min() and values.max() <= high)


def _storable(values: Column) -> Column:
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    return values.astype(np.float32) if values.dtype == np.float16 else values


def _on_grid(cloud: PointCloud) -> tuple[Column, Float64, Float64]:
    """Positions as whole numbers (n, 3) int32, and the scale and offset (3,) of their grid."""
    absolute = cloud.absolute
    if cloud.grid is not None:
        scales, offsets = cloud.grid
        whole = np.round((absolute - offsets) / scales)
        slip = np.abs(whole * scales + offsets - absolute).max()
        # float32 leaves half of its last digit open; more means that the points have moved.
        if (
            slip <= np.spacing(np.abs(cloud.xyz).max())
            and _WHOLE.min <= whole.min() <= whole.max() <= _WHOLE.max
        ):
            return whole.astype(np.int32), scales, offsets
    reach = max(float(np.abs(cloud.xyz).max()), 1e-30)
    scale = 10.0 ** np.ceil(np.log10(reach / _WHOLE.max))
    return np.round(cloud.xyz / scale).astype(np.int32), np.full(3, scale), np.array(cloud.offset)


FORMATS = (
    Format("las", "Laser scan", (".las",), ("Point clouds",), read, write_las, contained=True),
    Format("laz", "Compressed laser scan", (".laz",), ("Point clouds",), read, write_laz, contained=True),
)

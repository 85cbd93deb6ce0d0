"""Read LAS and LAZ in chunks, on the file's integer grid, with all of its fields."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.files.columns import Column, Columns, joined
from apsnet_core.files.crs import crs_of
from apsnet_core.files.errors import ReadError
from apsnet_core.files.las.decoding import Points
from apsnet_core.placing import counted, finite_normals
from apsnet_core.types import Array


def read(path: Path) -> PointCloud:
    """A cloud with intensity, classification, times ... as attributes, 16-bit colours, and the CRS.

    The format always stores many fields, used or not, so fields that contain only zeros are left out. The
    header is checked against the file's size before memory is allocated.
    """
    import laspy

    notes = _check(path)
    with laspy.open(path) as file:
        header = file.header
        scales, offsets = np.array(header.scales), np.array(header.offsets)
        if not (np.isfinite(scales).all() and np.isfinite(offsets).all() and scales.all()):
            raise ReadError(path, f"its scales {scales} or offsets {offsets} are invalid; it is damaged")
        crs = crs_of([*header.vlrs, *(file.evlrs or [])])
        standard_time = bool(header.global_encoding.gps_time_type)
        points = Points(path, file)
    box = np.array([header.mins, header.maxs])
    notes += _beyond(box, points.low, points.high, np.abs(scales))
    columns = points.columns
    directions = _stacked(columns, ("nx", "ny", "nz"))
    normals, remarks = (None, ()) if directions is None else finite_normals(directions)
    rgb: Array | None = points.rgb
    if rgb is not None and points.brightest <= 255:
        rgb = rgb.astype(np.uint8)
        notes += ("colours are of 8 bits in fields of 16",)
    return PointCloud(
        points.xyz, points.offset, rgb, normals, joined(columns), source=str(path), crs=crs,
        grid=(scales, offsets), notes=notes + remarks, standard_time=standard_time,
    )  # fmt: skip


def _check(path: Path) -> tuple[str, ...]:
    """Check the header against the file's size before it is used; a note if the file has more points."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        header = stream.read(375)
    if header[:4] != b"LASF":
        raise ReadError(path, "it does not begin with LASF, as LAS and LAZ files do")
    if len(header) < 227:
        raise ReadError(path, "it ends within its header; it is cut short")
    minor, (length, start, records) = header[25], struct.unpack_from("<HII", header, 94)
    # The two highest bits of the format number mark compressed points.
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
    more = held - count if minor < 3 else 0  # later versions store other records after the points
    return (f"{counted(more, 'point')} more than its header announces left out",) if more else ()


def _beyond(box: Float64, low: Float64, high: Float64, scales: Float64) -> tuple[str, ...]:
    """A note if the header's ``box`` (2, 3) is larger than that of the points: some may be missing."""
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


def _stacked(columns: Columns, names: tuple[str, str, str]) -> Column | None:
    if not all(name in columns for name in names):
        return None
    return np.column_stack([columns.pop(name) for name in names])

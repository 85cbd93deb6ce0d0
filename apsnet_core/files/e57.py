"""E57 files of laser scanners, read by pye57 from the extra ``e57``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import PointCloud
from apsnet_core.extras import install
from apsnet_core.files.columns import Column, Columns, cloud_from_columns
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.types import Foreign

_CARTESIAN = ("cartesianX", "cartesianY", "cartesianZ")
_SPHERICAL = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
_NAMES = {"colorRed": "red", "colorGreen": "green", "colorBlue": "blue"}
_NAMES |= {f"nor:normal{axis.upper()}": f"n{axis}" for axis in "xyz"}
_INVALID = ("cartesianInvalidState", "sphericalInvalidState")


def read(path: Path, row: int | None = None) -> PointCloud:
    """All scans in their common coordinate system, or only scan ``row``; invalid points are dropped."""
    try:
        import pye57
    except ImportError:
        raise ReadError(
            path, f"E57 is read with the package pye57, which is not installed: {install('e57')}"
        ) from None
    with path.open("rb") as stream:
        if stream.read(8) != b"ASTM-E57":
            raise ReadError(path, "it does not begin with ASTM-E57, as E57 files do")
    file = pye57.E57(str(path))
    try:
        numbers = list(range(file.scan_count))
        if row is not None:
            if not isinstance(row, int) or not -len(numbers) <= row < len(numbers):
                raise ReadError(path, f"it has no scan {row}; its scans go from 0 to {len(numbers) - 1}")
            numbers = [numbers[row]]
        for number in numbers:
            count = file.get_header(number).point_count
            if count > 8 * path.stat().st_size:
                raise ReadError(path, f"its scan {number} announces {count} points, more than the file holds")
        scans = [_scan(file, number, path) for number in numbers]
        words = sorted({name for number in numbers for name in _words(file, number)})
    finally:
        file.close()
    if not scans:
        raise ReadError(path, "there is no scan in it; at least one is needed")
    common = [name for name in scans[0] if all(name in scan for scan in scans)]
    left = sorted({name for scan in scans for name in scan} - set(common))
    notes: tuple[str, ...] = (f"{len(scans)} scans put together",) if len(scans) > 1 else ()
    if left:
        notes += (f"fields that not all scans have left out: {', '.join(left)}",)
    if words:
        notes += (f"fields that are not numeric left out: {', '.join(words)}",)
    columns = {name: np.concatenate([scan[name] for scan in scans]) for name in common}
    return replace(cloud_from_columns(columns, path, notes=notes), length_unit="m")  # the standard's unit


def _scan(file: Foreign, number: int, path: Path) -> Columns:
    """The fields of a scan by name; x, y and z are in the file's coordinates and NaN for invalid points."""
    header = file.get_header(number)
    data = _numbers(file, header, number, path)
    if all(name in data for name in _CARTESIAN):
        xyz = np.column_stack([data.pop(name) for name in _CARTESIAN]).astype(np.float64)
    elif all(name in data for name in _SPHERICAL):
        distance, azimuth, elevation = (data.pop(name).astype(np.float64) for name in _SPHERICAL)
        flat = distance * np.cos(elevation)
        xyz = np.column_stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)])
    else:
        raise ReadError(
            path,
            f"its scan {number} has the fields {', '.join(data)}; {', '.join(_CARTESIAN)} or "
            f"{', '.join(_SPHERICAL)} are needed",
        )
    if header.has_pose():
        xyz = xyz @ np.asarray(header.rotation_matrix).T + np.asarray(header.translation)
    for name in _INVALID:
        if name in data:
            xyz[data.pop(name) != 0] = np.nan
    return {
        **dict(zip("xyz", xyz.T, strict=True)),
        **{_NAMES.get(name, name): values for name, values in data.items()},
    }


def _numbers(file: Foreign, header: Foreign, number: int, path: Path) -> dict[str, Column]:
    """All numeric fields by their names in the file, in types that hold the ranges that it declares."""
    from pye57 import libe57

    prototype = libe57.StructureNode(header.points.prototype())
    data: dict[str, Column] = {}
    buffers = libe57.VectorSourceDestBuffer()
    for name in header.point_fields:
        dtype = _type(prototype.get(name))
        if dtype is not None:
            data[name] = np.zeros(header.point_count, dtype)
            buffers.append(
                libe57.SourceDestBuffer(file.image_file, name, data[name], len(data[name]), True, True)
            )
    count = header.points.reader(buffers).read() if data else 0
    if count != header.point_count:
        raise ReadError(
            path, f"its scan {number} announces {header.point_count} points and {count} are there"
        )
    return data


def _words(file: Foreign, number: int) -> list[str]:
    """The names of the fields of a scan that are not numeric."""
    from pye57 import libe57

    header = file.get_header(number)
    prototype = libe57.StructureNode(header.points.prototype())
    return [name for name in header.point_fields if _type(prototype.get(name)) is None]


def _type(node: Foreign) -> npt.DTypeLike | None:
    """The smallest type that holds a field, or None for a field that is not numeric."""
    from pye57 import libe57

    kind = node.type()
    if kind == libe57.E57_INTEGER:
        limits = libe57.IntegerNode(node)
        for dtype in (np.uint8, np.uint16, np.int8, np.int16):
            if np.iinfo(dtype).min <= limits.minimum() and limits.maximum() <= np.iinfo(dtype).max:
                return dtype
        return np.longlong  # pye57 reads the type code l of numpy's int64 as four bytes
    if kind == libe57.E57_FLOAT and libe57.FloatNode(node).precision() == libe57.E57_SINGLE:
        return np.float32
    return np.float64 if kind in (libe57.E57_FLOAT, libe57.E57_SCALED_INTEGER) else None


FORMAT = Format("e57", "E57 laser scan", (".e57",), ("Point clouds",), read, choices=("row",), contained=True)

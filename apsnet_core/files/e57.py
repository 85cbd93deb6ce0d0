"""E57 of laser scanners, by pye57, which the extra ``e57`` brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.columns import Column, Columns, cloud_from_columns
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format

_CARTESIAN = ("cartesianX", "cartesianY", "cartesianZ")
_SPHERICAL = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
_NAMES = {"colorRed": "red", "colorGreen": "green", "colorBlue": "blue"}
_INVALID = ("cartesianInvalidState", "sphericalInvalidState")


def read(path: Path, row: int | None = None) -> PointCloud:
    """All scans in the coordinates they share, or the one of ``row``; invalid points are dropped."""
    try:
        import pye57
    except ImportError:
        raise ReadError(
            path, "E57 is read with the package pye57, which is not here: pip install apsnet-studio[e57]"
        ) from None
    with path.open("rb") as stream:
        if stream.read(8) != b"ASTM-E57":
            raise ReadError(path, "it does not begin with ASTM-E57, as E57 files do")
    file = pye57.E57(str(path))
    try:
        numbers = list(range(file.scan_count))
        if row is not None:
            if not isinstance(row, int) or not -len(numbers) <= row < len(numbers):
                raise ReadError(path, f"there is no scan {row} in it; they go from 0 to {len(numbers) - 1}")
            numbers = [numbers[row]]
        for number in numbers:
            count = file.get_header(number).point_count
            if count > 8 * path.stat().st_size:
                raise ReadError(path, f"its scan {number} announces {count} points, more than the file holds")
        scans = [_scan(file, number) for number in numbers]
    finally:
        file.close()
    if not scans:
        raise ReadError(path, "there is no scan in it; at least one is needed")
    common = [name for name in scans[0] if all(name in scan for scan in scans)]
    left = sorted({name for scan in scans for name in scan} - set(common))
    notes: tuple[str, ...] = (f"{len(scans)} scans put together",) if len(scans) > 1 else ()
    if left:
        notes += (f"fields that not all scans have left out: {', '.join(left)}",)
    return cloud_from_columns(
        {name: np.concatenate([scan[name] for scan in scans]) for name in common}, path, notes=notes
    )


def _scan(file: Any, number: int) -> Columns:
    """A scan's fields by name, x y z in the file's own coordinates, NaN where a point is invalid."""
    header = file.get_header(number)
    data: dict[str, Column] = file.read_scan_raw(number, ignore_unsupported_fields=True)
    if all(name in data for name in _CARTESIAN):
        xyz = np.column_stack([data.pop(name) for name in _CARTESIAN]).astype(np.float64)
    else:
        distance, azimuth, elevation = (data.pop(name).astype(np.float64) for name in _SPHERICAL)
        flat = distance * np.cos(elevation)
        xyz = np.column_stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)])
    if header.has_pose():
        xyz = xyz @ np.asarray(header.rotation_matrix).T + np.asarray(header.translation)
    for name in _INVALID:
        if name in data:
            xyz[data.pop(name) != 0] = np.nan
    fields = {_NAMES.get(name, name): np.array(values) for name, values in data.items()}
    return {**dict(zip("xyz", xyz.T, strict=True)), **fields}


FORMAT = Format("e57", "E57 laser scan", (".e57",), ("Point clouds",), read, choices=("row",), contained=True)

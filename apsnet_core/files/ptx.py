"""PTX: gridded laser scans as text, each with the matrix that transforms it to common coordinates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.files.columns import cloud_from_columns
from apsnet_core.files.errors import ReadError, short
from apsnet_core.files.format import Format
from apsnet_core.placing import counted

_HEAD = 10  # lines before the points of a scan: columns, rows, scanner, its axes, the matrix


def read(path: Path, row: int | None = None) -> PointCloud:
    """All scans in their common coordinate system, or only scan ``row``; empty cells are dropped."""
    lines = path.read_text(encoding="latin-1").splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    scans: list[Float64] = []
    at = 0
    while at < len(lines):
        count, matrix = _head(lines[at : at + _HEAD], at, path)
        body = lines[at + _HEAD : at + _HEAD + count]
        if len(body) < count:
            raise ReadError(
                path,
                f"scan {len(scans) + 1} announces {count} points and {len(body)} lines follow; it is cut "
                "short",
            )
        scans.append(_points(body, at + _HEAD + 1, matrix, path))
        at += _HEAD + count
    if not scans:
        raise ReadError(path, "there is no scan in it; at least one is needed")
    if row is not None:
        if not isinstance(row, int) or not -len(scans) <= row < len(scans):
            raise ReadError(path, f"there is no scan {row} in it; its scans go from 0 to {len(scans) - 1}")
        scans = [scans[row]]
    if len({scan.shape[1] for scan in scans}) > 1:
        raise ReadError(path, "some of its scans have colours and some have none; choose one with --row")
    table = np.concatenate(scans)
    names = ("x", "y", "z", "intensity", "red", "green", "blue")[: table.shape[1]]
    empty = int(np.isnan(table[:, 0]).sum())
    notes: tuple[str, ...] = (f"{counted(empty, 'cell')} of the grid empty",) if empty else ()
    if len(scans) > 1:
        notes += (f"{len(scans)} scans put together",)
    columns = dict(zip(names, table.T, strict=True))
    if "red" in columns:
        columns |= {name: columns[name].astype(np.uint8) for name in ("red", "green", "blue")}
    return cloud_from_columns(columns, path, notes=notes)


def _head(lines: list[str], at: int, path: Path) -> tuple[int, Float64]:
    """The number of points that follow, and the matrix (4, 4) to multiply rows (x, y, z, 1) by."""
    try:
        width, height = int(lines[0]), int(lines[1])
        matrix = np.array([[float(word) for word in line.split()] for line in lines[6:10]])
        if width < 0 or height < 0 or matrix.shape != (4, 4) or not np.isfinite(matrix).all():
            raise ValueError("a matrix of four rows is needed")
    except (ValueError, IndexError) as error:
        raise ReadError(
            path,
            f"the scan that begins at line {at + 1} has no head that can be understood ({short(error)}); "
            "columns, rows, the scanner's place and axes, and a matrix of four rows are needed",
        ) from None
    return width * height, matrix


def _points(lines: list[str], first: int, matrix: Float64, path: Path) -> Float64:
    """The points (n, 4 or 7) of a scan: transformed x y z, NaN without a measurement; intensity; colours."""
    try:
        table: Float64 = np.loadtxt(lines, np.float64, comments=None, ndmin=2)
        if len(table) != len(lines) or table.shape[1] not in (4, 7):
            raise ValueError(f"{table.shape[1]} numbers a line; x y z intensity, and r g b, are accepted")
        if table.shape[1] == 7 and not ((table[:, 4:] >= 0) & (table[:, 4:] <= 255)).all():
            raise ValueError("a colour is not between 0 and 255")
    except ValueError as error:
        raise ReadError(
            path, f"the scan from line {first} on is not what a PTX file holds ({short(error)})"
        ) from None
    seen = table[:, :3].any(axis=1)
    table[:, :3] = table[:, :3] @ matrix[:3, :3] + matrix[3, :3]
    table[~seen, :3] = np.nan
    return table


FORMAT = Format("ptx", "Gridded laser scan as text", (".ptx",), ("Point clouds",), read, choices=("row",))

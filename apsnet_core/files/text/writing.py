"""Write points as lines of numbers that are read back exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.files.columns import Column, Columns, columns_of, in_words

_ROWS = 50_000  # written at a time


def write_csv(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write a header and comma-separated values, after a comment with the notes on the sampling."""
    if notes:
        stream.write(f"# {' '.join(f'{name}={value}' for name, value in notes.items())}\n".encode())
    columns = in_words(columns_of(cloud))
    stream.write((",".join(columns) + "\n").encode())
    _write_rows(cloud, columns, ",", stream)


def write_txt(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write columns separated by blanks, with the column names in a comment."""
    lines = [f"# {name}: {value}\n" for name, value in notes.items()]
    columns = in_words(columns_of(cloud))
    lines.append(f"# {' '.join(columns)}\n")
    stream.write("".join(lines).encode())
    _write_rows(cloud, columns, " ", stream)


def write_xyz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write positions only, because programs expect nothing else in this format."""
    for name, value in notes.items():
        stream.write(f"# {name}: {value}\n".encode())
    bare = PointCloud(cloud.xyz, cloud.offset)
    _write_rows(bare, columns_of(bare), " ", stream)


def _write_rows(cloud: PointCloud, columns: Columns, separator: str, stream: BinaryIO) -> None:
    """Write the shortest numbers that are read back exactly, some rows at a time."""
    decimals = [_decimals(cloud.xyz[:, axis], cloud.offset[axis]) for axis in range(3)]
    for start in range(0, len(cloud), _ROWS):
        rows = slice(start, start + _ROWS)
        words = [
            _words(values[rows], decimals[k] if k < 3 else None) for k, values in enumerate(columns.values())
        ]
        stream.write("\n".join(map(separator.join, zip(*words, strict=True))).encode() + b"\n")


def _words(values: Column, decimals: int | None) -> list[str]:
    if decimals is not None:
        return [f"{value:.{decimals}f}" for value in values.tolist()]
    if values.dtype.kind == "b":
        values = values.astype(np.uint8)
    # A float32 is written with fewer digits than the Python float converted from it.
    return list(map(str, values if values.dtype in (np.float32, np.float16) else values.tolist()))


def _decimals(relative: Float32, offset: np.float64) -> int | None:
    """The least number of decimals of absolute coordinates that restore ``relative`` (n,) exactly.

    None if ten are too few, or if there is no offset.
    """
    if not offset:
        return None
    absolute = relative.astype(np.float64) + offset
    for decimals in range(11):
        if np.array_equal((np.round(absolute, decimals) - offset).astype(np.float32), relative):
            return decimals
    return None

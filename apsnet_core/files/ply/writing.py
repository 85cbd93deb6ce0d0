"""Write PLY files of clouds and meshes, binary and little-endian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, Columns, columns_of, in_words, narrowed
from apsnet_core.files.mesh import vertex_columns
from apsnet_core.types import Array

_TYPES = {"i1": "char", "u1": "uchar", "i2": "short", "u2": "ushort", "i4": "int", "u4": "uint"} | {
    "f4": "float",
    "f8": "double",
}


def write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write a binary, little-endian file; the notes on the sampling become comments."""
    columns = {name: _storable(values) for name, values in narrowed(in_words(columns_of(cloud))).items()}
    lines = ["ply", "format binary_little_endian 1.0"]
    lines += [f"comment {name} {value}" for name, value in notes.items()]
    if cloud.crs is not None:
        lines.append(f"comment crs {' '.join(cloud.crs.split())}")
    lines.append(f"element vertex {len(cloud)}")
    lines += [f"property {_TYPES[values.dtype.str[1:]]} {name}" for name, values in columns.items()]
    stream.write("\n".join([*lines, "end_header", ""]).encode())
    stream.write(_rows_of(columns).tobytes())


def write_mesh(mesh: TriangleMesh, stream: BinaryIO) -> None:
    """Write a binary, little-endian file."""
    columns = vertex_columns(mesh)
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(mesh.vertices)}"]
    lines += [f"property {_TYPES[values.dtype.str[1:]]} {name}" for name, values in columns.items()]
    lines += [f"element face {len(mesh.faces)}", "property list uchar int vertex_indices", "end_header", ""]
    stream.write("\n".join(lines).encode())
    stream.write(_rows_of(columns).tobytes())
    rows = np.empty(len(mesh.faces), dtype=[("count", "u1"), ("corners", "<i4", (3,))])
    rows["count"], rows["corners"] = 3, mesh.faces
    stream.write(rows.tobytes())


def _storable(values: Column) -> Column:
    """The values in the nearest PLY type: PLY has no 64-bit integers, half floats or booleans.

    A double holds the remaining 64-bit integers exactly, because `narrowed` has split the larger ones.
    """
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    if values.dtype == np.float16:
        return values.astype(np.float32)
    if values.dtype in (np.int64, np.uint64):
        for smaller in (np.int32, np.uint32):
            limits = np.iinfo(smaller)
            if limits.min <= values.min() and values.max() <= limits.max:
                return values.astype(smaller)
        return values.astype(np.float64)
    return values


def _rows_of(columns: Columns) -> Array:
    fields = [(name, values.dtype.newbyteorder("<")) for name, values in columns.items()]
    rows = np.empty(len(next(iter(columns.values()))), dtype=fields)
    for name, values in columns.items():
        rows[name] = values
    return rows

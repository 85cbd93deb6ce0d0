"""PCD files of the Point Cloud Library: ascii, binary and binary_compressed, with all of their fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.columns import Column, Columns, cloud_from_columns, counted, in_words, positions
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.pcd_header import Header, parse
from apsnet_core.files.words import BYTE_MARK, no_number, numbers, typed, unified, words_per_line
from apsnet_core.types import Array


def read(path: Path) -> PointCloud:
    """A cloud; packed colours are split into channels, fields of several values become (n, k) attributes."""
    data = path.read_bytes().removeprefix(BYTE_MARK)
    header = parse(data, path)
    match header.data:
        case "ascii":
            fields, notes = _written_out(data, header, path)
        case "binary":
            fields, notes = _binary(data, header, path)
        case "binary_compressed":
            fields, notes = _compressed(data, header, path)
        case other:
            raise ReadError(path, f"its data are {other!r}; ascii, binary and binary_compressed are accepted")
    columns: Columns = {}
    for name, values in zip(header.names, fields, strict=True):
        if name != "_":
            while name in columns:
                name += "_"
            columns[name] = values[:, 0] if values.shape[1] == 1 else values
    if header.height > 1:
        size = f"{header.points // header.height} x {header.height}"
        notes += (f"organised as {size}: kept as a list of points",)
    return cloud_from_columns(_unpacked(columns), path, crs=header.crs, notes=notes)


def _written_out(data: bytes, header: Header, path: Path) -> tuple[list[Column], tuple[str, ...]]:
    text, above = unified(data[header.start :]), len(data[: header.start].splitlines()) + 1
    words = words_per_line(text)
    rows = np.flatnonzero(words)
    if len(rows) < header.points:
        raise ReadError(path, f"its header announces {header.points} points and {len(rows)} lines follow")
    width = sum(header.counts)
    odd = np.flatnonzero(words[rows[: header.points]] != width)
    if len(odd):
        line = rows[odd[0]]
        raise ReadError(
            path, f"line {line + above} has {counted(int(words[line]), 'number')} where a point has {width}"
        )
    if len(rows) > header.points:
        text = b"\n".join(text.split(b"\n")[: rows[header.points - 1] + 1 if header.points else 0])
    values = numbers(text)
    if values is None:
        raise ReadError(path, no_number(text, above))
    table = values.reshape(header.points, width)
    fields: list[Column] = []
    at = 0
    for name, type_, count in zip(header.names, header.types, header.counts, strict=True):
        if type_.kind in "iu" and type_.itemsize == 8:  # more digits than a float64 has
            columns = range(at, at + count)
            part = np.loadtxt(text.split(b"\n"), dtype=type_, comments=None, ndmin=2, usecols=columns)
        else:
            part = typed(table[:, at : at + count], type_, name, path)
        fields.append(part)
        at += count
    more = len(rows) - header.points
    note = f"{counted(more, 'line')} after the points that the header announces left out"
    return fields, (note,) if more else ()


def _binary(data: bytes, header: Header, path: Path) -> tuple[list[Column], tuple[str, ...]]:
    needed, left = header.points * header.row.itemsize, len(data) - header.start
    if needed > left:
        raise ReadError(
            path,
            f"its header announces {header.points} points, which take {needed} bytes, and {left} follow; "
            "it is cut short or damaged",
        )
    rows = np.frombuffer(data, header.row, header.points, header.start)
    fields = [np.ascontiguousarray(rows[f"{k}"]) for k in range(len(header.names))]
    return fields, _bytes_after(data[header.start + needed :])


def _compressed(data: bytes, header: Header, path: Path) -> tuple[list[Column], tuple[str, ...]]:
    """The fields and notes from a binary_compressed body: one block that stores field after field."""
    packed, size = (int.from_bytes(data[header.start + k : header.start + k + 4], "little") for k in (0, 4))
    needed = header.points * header.row.itemsize
    if len(data) - header.start < 8 or packed > len(data) - header.start - 8 or size != needed:
        raise ReadError(
            path,
            f"its compressed part announces {packed} bytes for {size}, and {needed} are needed for its "
            f"{header.points} points; it is cut short or damaged",
        )
    # Two bytes of LZF expand to at most 264 bytes.
    if size > packed * 132 + 264:
        raise ReadError(path, "its compressed part is too short for its points; it is damaged")
    raw = _decompress(data[header.start + 8 : header.start + 8 + packed], size, path)
    fields: list[Column] = []
    at = 0
    for type_, count in zip(header.types, header.counts, strict=True):
        values = np.frombuffer(raw, type_, header.points * count, at)
        fields.append(values.reshape(header.points, count))
        at += values.nbytes
    return fields, _bytes_after(data[header.start + 8 + packed :])


def _bytes_after(rest: bytes) -> tuple[str, ...]:
    """A note on the bytes after the announced points, unless they are only padding."""
    if not rest.strip(b"\0 \t\r\n"):
        return ()
    return (f"{counted(len(rest), 'byte')} after the points that the header announces left out",)


def _decompress(packed: bytes, size: int, path: Path) -> bytes:
    """Decompress LZF by HDF5, which uses LZF for chunks: the data become one chunk of a file in memory."""
    import h5py

    if not size:
        return b""
    with h5py.File("lzf", "w", driver="core", backing_store=False) as file:
        chunk = file.create_dataset("chunk", (size,), np.uint8, chunks=(size,), compression="lzf")
        chunk.id.write_direct_chunk((0,), packed)
        try:
            return bytes(chunk[...])
        except OSError:
            raise ReadError(path, "its compressed part cannot be unpacked; it is damaged") from None


def _unpacked(columns: Columns) -> Columns:
    """The columns with colours that are packed into one field (0xAARRGGBB, as in PCL) split into channels."""
    result: Columns = {}
    for name, values in columns.items():
        if name.lower() in ("rgb", "rgba") and values.ndim == 1 and values.dtype.itemsize == 4:
            parts = np.ascontiguousarray(values).view(np.uint8).reshape(-1, 4)
            if "red" not in columns:
                result |= {"red": parts[:, 2], "green": parts[:, 1], "blue": parts[:, 0]}
            if name.lower() == "rgba" and "alpha" not in columns:
                result["alpha"] = parts[:, 3]
        else:
            result[name] = values
    return result


def write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write binary PCD. Colours are packed as PCL expects; 16-bit colours are also written as own fields."""
    fields: Columns = dict(zip("xyz", positions(cloud).T, strict=True))
    if cloud.rgb is not None:
        eight = cloud.rgb if cloud.rgb.dtype == np.uint8 else (cloud.rgb >> 8).astype(np.uint8)
        packed = np.column_stack([eight[:, ::-1], np.zeros(len(cloud), np.uint8)])
        fields["rgb"] = np.ascontiguousarray(packed).view("<f4")[:, 0]
        if cloud.rgb.dtype != np.uint8:
            fields |= dict(zip(("red", "green", "blue"), cloud.rgb.T, strict=True))
    if cloud.normals is not None:
        fields |= dict(zip(("normal_x", "normal_y", "normal_z"), cloud.normals.T, strict=True))
    for name, values in cloud.attributes.items():
        fields[name if name not in (*fields, "_") else f"{name}_"] = _storable(values)
    fields = in_words(fields)
    kinds = {"f": "F", "i": "I", "u": "U"}
    columns = list(fields.values())
    lines = [f"# {name} {value}" for name, value in notes.items()]
    if cloud.crs is not None:
        lines.append(f"# crs {' '.join(cloud.crs.split())}")
    lines += [
        "VERSION 0.7",
        f"FIELDS {' '.join(fields)}",
        f"SIZE {' '.join(str(values.dtype.itemsize) for values in columns)}",
        f"TYPE {' '.join(kinds[values.dtype.kind] for values in columns)}",
        f"COUNT {' '.join(str(math.prod(values.shape[1:])) for values in columns)}",
        f"WIDTH {len(cloud)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(cloud)}\nDATA binary\n",
    ]
    rows: Array = np.empty(
        len(cloud), [(f"{k}", v.dtype.newbyteorder("<"), v.shape[1:]) for k, v in enumerate(columns)]
    )
    for k, values in enumerate(columns):
        rows[f"{k}"] = values
    stream.write("\n".join(lines).encode())
    stream.write(rows.tobytes())


def _storable(values: Column) -> Column:
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    return values.astype(np.float32) if values.dtype == np.float16 else values


FORMAT = Format("pcd", "Point Cloud Library", (".pcd",), ("Point clouds",), read, write, contained=True)

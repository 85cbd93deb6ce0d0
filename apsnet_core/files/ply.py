"""PLY, written out or binary in either byte order, read with any properties in any order.

The header is checked against the file's size before anything is allocated, and lists of one length (the
faces of nearly every mesh) are read as one block: hence a reader of our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, Columns, cloud_from_columns, columns_of, in_words
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons

_TYPES = {
    **{"char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4"},
    **{"float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2"},
    **{"int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8", "int64": "i8", "uint64": "u8"},
}
_WRITTEN = {"i1": "char", "u1": "uchar", "i2": "short", "u2": "ushort", "i4": "int", "u4": "uint"} | {
    "f4": "float",
    "f8": "double",
}
_LONGEST_HEADER = 1 << 20
_END = re.compile(rb"\nend_header[ \t\r]*\n")


@dataclass
class Property:
    """A column: its type, and for a list the type of its length."""

    name: str
    type: str
    length: str | None = None


@dataclass
class Element:
    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def smallest(self) -> int:
        """Bytes of a row in binary whose lists are empty."""
        return sum(np.dtype(p.length or p.type).itemsize for p in self.properties)


Ragged = tuple[Int64, Int64]  # the lists' lengths, their values one after another


def read(path: Path) -> PointCloud | TriangleMesh:
    """A cloud, or a mesh where there are faces (polygons are triangulated)."""
    data = path.read_bytes()
    kind, elements, start, crs = _header(data, path)
    by_name = {element.name: element for element in elements}
    if "vertex" not in by_name:
        raise ReadError(
            path, "its header names no element 'vertex', which is where a PLY file keeps its points"
        )
    if not by_name["vertex"].count:
        raise ReadError(path, "there is no point in it; a file with at least one point would be accepted")
    if "tristrips" in by_name:
        raise ReadError(path, "it is made of triangle strips; faces or plain points are accepted")
    wanted = {"vertex", "face"} & by_name.keys()
    tables: dict[str, dict[str, Column | Ragged]] = {}
    body = _Text(data, start, path) if kind == "ascii" else _Binary(data, start, kind, path)
    for element in elements:
        tables[element.name] = body.read(element)
        if wanted <= tables.keys():
            break
    columns = {name: values for name, values in tables["vertex"].items() if not isinstance(values, tuple)}
    if "face" not in by_name or not by_name["face"].count:
        return cloud_from_columns(columns, path, crs=crs)
    faces = tables["face"]
    name = next((n for n in ("vertex_indices", "vertex_index") if n in faces), None)
    corners = faces[name] if name else None
    if isinstance(corners, np.ndarray) and corners.ndim == 2:
        corners = (np.full(len(corners), corners.shape[1]), corners.reshape(-1))
    if not isinstance(corners, tuple):
        raise ReadError(path, "its faces have no list 'vertex_indices', which says what their corners are")
    if not {"x", "y", "z"} <= columns.keys():
        raise ReadError(path, "its vertices have no x, y and z")
    vertices = np.column_stack([columns[axis] for axis in "xyz"]).astype(np.float64)
    return mesh_from_polygons(vertices, corners[1], corners[0], path)


def _header(data: bytes, path: Path) -> tuple[str, list[Element], int, str | None]:
    """The format's word, the elements, where the body starts, and a coordinate system in a comment."""
    if data[:3] != b"ply":
        raise ReadError(path, "it does not begin with the word ply, as a PLY file does")
    end = _END.search(data, 0, _LONGEST_HEADER)
    if end is None:
        raise ReadError(path, "its header has no end (a line 'end_header'); the file may be cut short")
    kind = ""
    crs = None
    elements: list[Element] = []
    for line in data[: end.start()].decode("utf-8", "replace").splitlines()[1:]:
        words = line.split()
        try:
            match words:
                case ["format", word, _]:
                    kind = word
                case ["element", name, count]:
                    elements.append(Element(name, int(count)))
                case ["property", "list", length, type_, name]:
                    elements[-1].properties.append(Property(name, _TYPES[type_], _TYPES[length]))
                case ["property", type_, name]:
                    elements[-1].properties.append(Property(name, _TYPES[type_]))
                case ["comment", "crs", *_]:
                    crs = line.split("crs", 1)[1].strip()
                case [] | ["comment" | "obj_info", *_]:
                    pass
                case _:
                    raise ValueError
        except (ValueError, KeyError, IndexError):
            raise ReadError(path, f"its header has a line that cannot be understood: {line[:60]!r}") from None
    if kind not in ("ascii", "binary_little_endian", "binary_big_endian"):
        raise ReadError(
            path,
            f"its format is {kind or 'not named'}; ascii and binary_(little or big)_endian are accepted",
        )
    left = len(data) - end.end()
    for element in elements:
        # A written-out row takes two bytes a value at least; a row without properties takes none.
        least = element.smallest if kind != "ascii" else 2 * len(element.properties)
        needed = element.count * least - (kind == "ascii")
        if element.count < 0 or needed > left or (element.count and not element.properties):
            raise ReadError(
                path,
                f"its header announces {element.count} of {element.name!r}, which the {left} bytes that "
                "follow cannot hold; it is cut short or its header is wrong",
            )
        names = [p.name for p in element.properties]
        if len(set(names)) != len(names):
            raise ReadError(path, f"its header gives {element.name!r} two properties of one name")
    return kind, elements, end.end(), crs


class _Binary:
    """The body of a binary file, taken element by element."""

    def __init__(self, data: bytes, start: int, kind: str, path: Path) -> None:
        self.data, self.at, self.path = data, start, path
        self.order = "<" if kind == "binary_little_endian" else ">"

    def read(self, element: Element) -> dict[str, Column | Ragged]:
        if not element.count:
            return {}
        lengths = self._first_lengths(element)
        fields: list[tuple[Any, ...]] = []
        for n, p in enumerate(element.properties):
            if p.length:
                fields.append((f"length{n}", self.order + p.length))
                fields.append((f"value{n}", self.order + p.type, (lengths[n],)))
            else:
                fields.append((f"value{n}", self.order + p.type))
        row = np.dtype(fields)
        if row.itemsize * element.count <= len(self.data) - self.at:
            rows = np.frombuffer(self.data, row, element.count, self.at)
            if all((rows[f"length{n}"] == length).all() for n, length in lengths.items()):
                self.at += row.itemsize * element.count
                return {p.name: _native(rows[f"value{n}"]) for n, p in enumerate(element.properties)}
        if not lengths:
            raise self._short(element)
        return self._rows(element)

    def _first_lengths(self, element: Element) -> dict[int, int]:
        lengths: dict[int, int] = {}
        at = self.at
        for n, p in enumerate(element.properties):
            if p.length:
                lengths[n] = self._length(p, at, element)
                at += np.dtype(p.length).itemsize + lengths[n] * np.dtype(p.type).itemsize
            else:
                at += np.dtype(p.type).itemsize
        return lengths

    def _length(self, p: Property, at: int, element: Element) -> int:
        size = np.dtype(p.length).itemsize
        if at + size > len(self.data):
            raise self._short(element)
        length = int(np.frombuffer(self.data, self.order + str(p.length), 1, at)[0])
        if length < 0 or length * np.dtype(p.type).itemsize > len(self.data) - at - size:
            raise self._short(element)
        return length

    def _rows(self, element: Element) -> dict[str, Column | Ragged]:
        """Row by row, where lists differ in length; of scalars beside them nothing is needed."""
        lists: dict[str, tuple[list[int], list[Column]]] = {
            p.name: ([], []) for p in element.properties if p.length
        }
        sizes = [np.dtype(p.type).itemsize for p in element.properties]
        for _ in range(element.count):
            for p, size in zip(element.properties, sizes, strict=True):
                if not p.length:
                    self.at += size
                    continue
                length = self._length(p, self.at, element)
                self.at += np.dtype(p.length).itemsize
                lists[p.name][0].append(length)
                lists[p.name][1].append(np.frombuffer(self.data, self.order + p.type, length, self.at))
                self.at += length * size
            if self.at > len(self.data):
                raise self._short(element)
        return {
            name: (np.array(lengths, np.int64), np.concatenate(values).astype(np.int64))
            for name, (lengths, values) in lists.items()
        }

    def _short(self, element: Element) -> ReadError:
        return ReadError(
            self.path,
            f"it ends before its {element.count} rows of {element.name!r} do; it is cut short or damaged",
        )


class _Text:
    """The body of a written-out file, taken element by element, one line a row."""

    def __init__(self, data: bytes, start: int, path: Path) -> None:
        self.lines = [line for line in data[start:].splitlines() if line.strip()]
        self.at, self.path = 0, path

    def read(self, element: Element) -> dict[str, Column | Ragged]:
        lines = self.lines[self.at : self.at + element.count]
        if len(lines) < element.count:
            raise ReadError(
                self.path,
                f"it has {len(lines)} lines for the {element.count} of {element.name!r} its header announces",
            )
        self.at += element.count
        if not lines:
            return {}
        try:
            if any(p.length for p in element.properties):
                return self._lists(element, lines)
            columns = range(len(element.properties))
            table = np.loadtxt(lines, dtype=np.float64, comments=None, ndmin=2, usecols=columns)
            return {p.name: _fitted(table[:, n], p) for n, p in enumerate(element.properties)}
        except (ValueError, IndexError) as error:
            raise ReadError(
                self.path, f"its {element.name!r} lines do not fit its header ({error})"
            ) from None

    def _lists(self, element: Element, lines: list[bytes]) -> dict[str, Column | Ragged]:
        lists: dict[str, tuple[list[int], list[float]]] = {
            p.name: ([], []) for p in element.properties if p.length
        }
        scalars: dict[str, list[float]] = {p.name: [] for p in element.properties if not p.length}
        for line in lines:
            words = line.split()
            at = 0
            for p in element.properties:
                if p.length:
                    length = int(words[at])
                    values = [float(word) for word in words[at + 1 : at + 1 + max(length, 0)]]
                    if len(values) != length:
                        raise ValueError(f"{line[:40].decode(errors='replace')!r} is too short")
                    lists[p.name][0].append(length)
                    lists[p.name][1].extend(values)
                    at += 1 + length
                else:
                    scalars[p.name].append(float(words[at]))
                    at += 1
        result: dict[str, Column | Ragged] = {name: np.array(values) for name, values in scalars.items()}
        for name, (lengths, values) in lists.items():
            result[name] = (
                np.array(lengths, np.int64),
                np.nan_to_num(np.array(values), nan=-1).astype(np.int64),
            )
        return result


def _native(values: npt.NDArray[Any]) -> Column:
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))


def _fitted(values: Column, p: Property) -> Column:
    """A written-out column in the type the header gives it."""
    type_ = np.dtype(p.type)
    if type_.kind in "iu":
        limits = np.iinfo(type_)
        if not (np.isfinite(values).all() and limits.min <= values.min() and values.max() <= limits.max):
            raise ValueError(f"{p.name!r} has values that are no {type_}")
    with np.errstate(over="ignore"):
        return values.astype(type_)


def write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Binary, little-endian; what is known of the sampling goes into comments."""
    columns = {name: _storable(values) for name, values in in_words(columns_of(cloud)).items()}
    lines = ["ply", "format binary_little_endian 1.0"]
    lines += [f"comment {name} {value}" for name, value in notes.items()]
    if cloud.crs is not None:
        lines.append(f"comment crs {' '.join(cloud.crs.split())}")
    lines.append(f"element vertex {len(cloud)}")
    lines += [f"property {_WRITTEN[values.dtype.str[1:]]} {name}" for name, values in columns.items()]
    stream.write("\n".join([*lines, "end_header", ""]).encode())
    stream.write(_rows_of(columns).tobytes())


def write_mesh(mesh: TriangleMesh, stream: BinaryIO) -> None:
    """Binary, little-endian."""
    position = mesh.vertices.astype(np.float64) + mesh.offset if mesh.offset.any() else mesh.vertices
    type_ = _WRITTEN[position.dtype.str[1:]]
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(position)}"]
    lines += [f"property {type_} {axis}" for axis in "xyz"]
    lines += [f"element face {len(mesh.faces)}", "property list uchar int vertex_indices", "end_header", ""]
    stream.write("\n".join(lines).encode())
    stream.write(np.ascontiguousarray(position, position.dtype.newbyteorder("<")).tobytes())
    rows = np.empty(len(mesh.faces), dtype=[("count", "u1"), ("corners", "<i4", (3,))])
    rows["count"], rows["corners"] = 3, mesh.faces
    stream.write(rows.tobytes())


def _storable(values: Column) -> Column:
    """The nearest type PLY has: it knows neither 64-bit whole numbers nor half floats nor truth values."""
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


def _rows_of(columns: Columns) -> npt.NDArray[Any]:
    fields = [(name, values.dtype.newbyteorder("<")) for name, values in columns.items()]
    rows = np.empty(len(next(iter(columns.values()))), dtype=fields)
    for name, values in columns.items():
        rows[name] = values
    return rows


FORMAT = Format("ply", "Polygon file", (".ply",), ("Meshes", "Point clouds"), read, write, write_mesh)

"""OFF as text: one vertex or polygon per line, with the colours and normals that the first word announces."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import Float64, Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, cloud_from_arrays, counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons, vertex_columns
from apsnet_core.files.words import excerpt, no_number, numbers, unified, without_comments, words_per_line

_HEAD = re.compile(rb"\s*((?:ST)?(C?)(N?)(4?)OFF)(?![A-Za-z_])([^\n]*)", re.IGNORECASE)


def read(path: Path) -> PointCloud | TriangleMesh:
    """A mesh, or a cloud if the file lists no faces."""
    text = without_comments(unified(path.read_bytes()))
    head = _HEAD.match(text)
    if head is None:
        raise ReadError(path, "it does not begin with the word OFF, as an OFF file does")
    if head[5].strip().upper().startswith(b"BINARY"):
        raise ReadError(path, "it is a binary OFF file; the written-out (ASCII) form is accepted")
    if head[1].endswith(b"nOFF"):  # NOFF with a capital N has normals instead
        raise ReadError(path, "it is an nOFF file, of points in n dimensions; points in three are accepted")
    counts, start = _counts(text, head.start(5), path)
    lines = _Lines(text, start, path)
    vertices, faces = counts
    if vertices + faces > len(lines):
        raise ReadError(
            path,
            f"its header announces {vertices} vertices and {faces} faces, but {len(lines)} lines follow; one "
            "line for each is needed",
        )
    table = lines.table(0, vertices, "vertex")
    notes = lines.rest(vertices + faces)
    xyz, column = table[:, :3], 3
    if head[4]:
        xyz, column = _projected(table), 4
    normals = rgb = None
    if head[3]:
        normals, column = table[:, column : column + 3], column + 3
    if head[2]:
        rgb, column = table[:, column : column + 3], column + 3 + (table.shape[1] - column > 3)
    if any(part is not None and part.shape[1] < 3 for part in (xyz, normals, rgb)):
        raise ReadError(
            path, f"a vertex of it has {table.shape[1]} numbers, too few for its head {excerpt(head[1])}"
        )
    if table.shape[1] > column:
        notes += (f"{counted(table.shape[1] - column, 'further number')} of each vertex left out",)
    if not faces:
        return cloud_from_arrays(xyz, path, rgb=rgb, normals=normals, notes=notes)
    corners, sizes, corner_rgb, remarks = lines.faces(vertices, faces)
    return mesh_from_polygons(
        xyz, corners, sizes, path, rgb=rgb, normals=normals, corner_rgb=corner_rgb, notes=notes + remarks
    )


def _counts(text: bytes, at: int, path: Path) -> tuple[tuple[int, int], int]:
    """The numbers of vertices and faces from the first non-empty line at or after ``at``, and its end."""
    line = re.compile(rb"\s*([^\n]+)").match(text, at)
    try:
        words = line[1].split() if line else []
        vertices, faces = int(words[0]), int(words[1])
        if vertices < 0 or faces < 0:
            raise ValueError
    except (ValueError, IndexError):
        raise ReadError(path, "the numbers of vertices and faces are missing after the word OFF") from None
    return (vertices, faces), line.end() if line else at


def _projected(table: Float64) -> Float64:
    """The positions of a 4OFF file: the first three coordinates divided by the fourth."""
    if table.shape[1] < 4:
        return table[:, :0]
    with np.errstate(divide="ignore", invalid="ignore"):
        xyz: Float64 = table[:, :3] / table[:, 3:4]
    return xyz


class _Lines:
    """The non-empty lines of the body; each is a vertex or a face."""

    def __init__(self, text: bytes, start: int, path: Path) -> None:
        self.path = path
        self._text, self._above = text[start:], text[:start].count(b"\n") + 1
        self._words = words_per_line(self._text)
        self._rows = np.flatnonzero(self._words)
        ends = np.flatnonzero(np.frombuffer(self._text, np.uint8) == 10) + 1
        self._starts = np.concatenate([[0], ends, [len(self._text)]])

    def __len__(self) -> int:
        return len(self._rows)

    def _numbers(self, first: int, count: int) -> tuple[Float64, Int64]:
        """The numbers in ``count`` lines, one line after another, and their count per line."""
        if not count:
            return np.empty(0), np.empty(0, np.int64)
        rows = self._rows[first : first + count]
        part = self._text[self._starts[rows[0]] : self._starts[rows[-1] + 1]]
        values = numbers(part)
        if values is None:
            raise ReadError(self.path, no_number(part, self._number(first)))
        return values, self._words[rows]

    def _number(self, row: int) -> int:
        return int(self._rows[row]) + self._above

    def table(self, first: int, count: int, what: str) -> Float64:
        """The numbers (count, k) of ``count`` lines, which must have equally many, at least three."""
        values, words = self._numbers(first, count)
        if not count:
            return np.empty((0, 3))
        width = int(np.median(words))
        odd = np.flatnonzero((words != width) | (words < 3))
        if len(odd):
            raise ReadError(
                self.path,
                f"line {self._number(first + int(odd[0]))} has {counted(int(words[odd[0]]), 'number')} where "
                f"a {what} has {max(width, 3)}",
            )
        return values.reshape(count, width)

    def faces(self, first: int, count: int) -> tuple[Int64, Int64, Column | None, tuple[str, ...]]:
        """The corners of ``count`` faces, their number per face, their colours or None, and notes."""
        values, words = self._numbers(first, count)
        begins = np.cumsum(words) - words
        sizes = values[begins]
        odd = np.flatnonzero(~((sizes >= 0) & (sizes == np.floor(sizes)) & (sizes < words)))
        if len(odd):
            raise ReadError(
                self.path,
                f"face {odd[0] + 1} in line {self._number(first + int(odd[0]))} cannot be understood; a face "
                "is its number of corners and then as many vertex numbers",
            )
        size = sizes.astype(np.int64)
        place = np.arange(len(values)) - np.repeat(begins, words)
        corners = values[(place >= 1) & (place <= np.repeat(size, words))]
        if not np.array_equal(corners, np.floor(corners)):
            raise ReadError(
                self.path, "a corner of a face is not a whole number, but it must be the number of a vertex"
            )
        extra = words - 1 - size
        corner_rgb: Column | None = None
        notes: tuple[str, ...] = ()
        if ((extra == 3) | (extra == 4)).all():
            at = (begins + 1 + size)[:, None] + np.arange(3)
            corner_rgb = np.repeat(values[at], size, axis=0)
        elif extra.any():
            notes = (f"{counted(int((extra > 0).sum()), 'colour')} of faces left out: not one for each face",)
        with np.errstate(invalid="ignore"):
            return corners.astype(np.int64), size, corner_rgb, notes

    def rest(self, count: int) -> tuple[str, ...]:
        """A note on the lines after the first ``count``, if there are any."""
        more = len(self) - count
        return (f"{counted(more, 'line')} after the last that the header announces left out",) if more else ()


def write(mesh: TriangleMesh, stream: BinaryIO) -> None:
    """Write OFF; the first word says whether the vertices have colours (RGBA, 0 to 255) and normals."""
    columns = vertex_columns(mesh)
    head = ("C" if mesh.rgb is not None else "") + ("N" if mesh.normals is not None else "") + "OFF"
    stream.write(f"{head}\n{len(mesh.vertices)} {len(mesh.faces)} 0\n".encode())
    if mesh.rgb is not None and mesh.rgb.dtype == np.uint16:
        columns |= {name: columns[name] >> 8 for name in ("red", "green", "blue")}
    alpha = " 255" if mesh.rgb is not None else ""
    for row in zip(*columns.values(), strict=True):
        stream.write(f"{' '.join(map(str, row))}{alpha}\n".encode())
    for face in mesh.faces.tolist():
        stream.write("3 {} {} {}\n".format(*face).encode())


FORMAT = Format("off", "Object file format", (".off",), ("Meshes",), read, write_mesh=write)

"""Object File Format, as ModelNet ships it: also with the counts glued to the first word (``OFF8 6 0``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.columns import cloud_from_arrays
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons

_HEADER = re.compile(rb"(?:ST)?C?N?OFF\s*(.*)", re.IGNORECASE)


def read(path: Path) -> PointCloud | TriangleMesh:
    """A mesh, or a cloud where the file lists no faces; colours and normals of vertices are not read."""
    lines = [line.split(b"#", 1)[0].strip() for line in path.read_bytes().splitlines()]
    lines = [line for line in lines if line]
    match = _HEADER.fullmatch(lines[0]) if lines else None
    if match is None:
        raise ReadError(path, "it does not begin with the word OFF, as an OFF file does")
    if match[1].upper().startswith(b"BINARY"):
        raise ReadError(path, "it is a binary OFF file; the written-out (ASCII) form is accepted")
    lines[0] = match[1]
    if not lines[0]:
        lines.pop(0)
    try:
        vertex_count, face_count = (int(word) for word in lines[0].split()[:2])
    except (ValueError, IndexError):
        raise ReadError(path, "the numbers of vertices and faces are missing after the word OFF") from None
    if vertex_count < 0 or face_count < 0 or vertex_count + face_count > len(lines) - 1:
        raise ReadError(
            path,
            f"its header announces {vertex_count} vertices and {face_count} faces, but {len(lines) - 1} "
            "lines follow; one line for each is needed",
        )
    xyz = np.empty((vertex_count, 3))
    for row in range(vertex_count):
        words = lines[1 + row].split()
        try:
            xyz[row] = [float(word) for word in words[:3]]
        except ValueError:
            raise ReadError(
                path,
                f"vertex {row + 1} is not three numbers: {lines[1 + row][:40].decode(errors='replace')!r}",
            ) from None
    if not face_count:
        return cloud_from_arrays(xyz, path)
    corners: list[int] = []
    counts: list[int] = []
    for row in range(face_count):
        line = lines[1 + vertex_count + row]
        words = line.split()
        try:
            count = int(words[0])
            here = [int(word) for word in words[1 : 1 + max(count, 0)]]
            if count < 0 or len(here) != count:
                raise ValueError
        except ValueError:
            raise ReadError(
                path,
                f"face {row + 1} cannot be understood ({line[:40].decode(errors='replace')!r}); "
                "a face is its number of corners and then as many vertex numbers",
            ) from None
        corners += here
        counts.append(count)
    return mesh_from_polygons(xyz, np.array(corners, np.int64), np.array(counts, np.int64), path)


def write(mesh: TriangleMesh, stream: BinaryIO) -> None:
    stream.write(f"OFF\n{len(mesh.vertices)} {len(mesh.faces)} 0\n".encode())
    for vertex in mesh.vertices.astype(np.float64) + mesh.offset if mesh.offset.any() else mesh.vertices:
        stream.write("{} {} {}\n".format(*map(str, vertex)).encode())
    for face in mesh.faces.tolist():
        stream.write("3 {} {} {}\n".format(*face).encode())


FORMAT = Format("off", "Object file", (".off",), ("Meshes",), read, write_mesh=write)

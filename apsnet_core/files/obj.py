"""Wavefront OBJ: vertices and polygons; materials, textures and normals are not needed and not read."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.columns import cloud_from_arrays, colours
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons


def read(path: Path) -> PointCloud | TriangleMesh:
    """A mesh, or a cloud where there are vertices and no faces; corners are ``v``, ``v/vt``, ``v//vn`` ..."""
    vertices: list[list[float]] = []
    corners: list[int] = []
    counts: list[int] = []
    text = path.read_bytes().replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(b"#", 1)[0].split()
        if not words:
            continue
        try:
            if words[0] == b"v":
                vertices.append([float(word) for word in words[1:]])
                if len(vertices[-1]) < 3:
                    raise ValueError
            elif words[0] == b"f":
                here = [int(word.split(b"/", 1)[0]) for word in words[1:]]
                # Numbers count from 1, negative ones back from the latest vertex; 0 names none.
                corners += [i - 1 if i > 0 else len(vertices) + i if i < 0 else -1 for i in here]
                counts.append(len(here))
        except ValueError:
            shown = line[:40].decode(errors="replace")
            raise ReadError(
                path,
                f"line {number} cannot be understood ({shown!r}); a vertex is written 'v 1.0 2.0 3.0', "
                "a face 'f 1 2 3' or 'f 1/1 2/2 3/3'",
            ) from None
    if not vertices:
        raise ReadError(path, "it has no vertices; an OBJ file has lines such as 'v 1.0 2.0 3.0'")
    xyz = np.array([vertex[:3] for vertex in vertices])
    if counts:
        return mesh_from_polygons(xyz, np.array(corners, np.int64), np.array(counts, np.int64), path)
    rgb = None
    if all(len(vertex) == 6 for vertex in vertices):
        rgb = colours(np.array([vertex[3:] for vertex in vertices]))
    return cloud_from_arrays(xyz, path, rgb=rgb)


def write(mesh: TriangleMesh, stream: BinaryIO) -> None:
    for vertex in mesh.vertices.astype(np.float64) + mesh.offset if mesh.offset.any() else mesh.vertices:
        stream.write("v {} {} {}\n".format(*map(str, vertex)).encode())
    for face in (mesh.faces + 1).tolist():
        stream.write("f {} {} {}\n".format(*face).encode())


FORMAT = Format("obj", "Wavefront", (".obj",), ("Meshes",), read, write_mesh=write)

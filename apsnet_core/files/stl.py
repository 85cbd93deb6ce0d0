"""STL, binary or written out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import TriangleMesh
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons

_FACET = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("rest", "<u2")])
_VERTEX = re.compile(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)


def read(path: Path) -> TriangleMesh:
    """A mesh; corners at the same place become one vertex."""
    data = path.read_bytes()
    announced = int.from_bytes(data[80:84], "little") if len(data) >= 84 else -1
    binary = announced >= 0 and len(data) == 84 + announced * _FACET.itemsize
    if not binary and data.lstrip()[:5].lower() == b"solid" and b"facet" in data[:4096].lower():
        corners = _written_out(data, path)
    elif announced < 0:
        raise ReadError(
            path,
            f"it is {len(data)} bytes long; a binary STL has at least 84, a written-out one begins 'solid'",
        )
    elif len(data) < 84 + announced * _FACET.itemsize:
        raise ReadError(
            path,
            f"its header announces {announced} triangles, which take {announced * _FACET.itemsize} bytes, "
            f"and {len(data) - 84} follow; it is cut short or no STL file",
        )
    else:
        corners = np.frombuffer(data, _FACET, announced, 84)["corners"].reshape(-1, 3)
    if not len(corners):
        raise ReadError(path, "there is no triangle in it; at least one is needed")
    rows = np.ascontiguousarray(corners + 0.0)  # -0 and 0 are one place
    whole = rows.view(f"V{rows.itemsize * 3}").reshape(-1)
    _, first, faces = np.unique(whole, return_index=True, return_inverse=True)
    return mesh_from_polygons(rows[first], faces, np.full(len(rows) // 3, 3), path)


def _written_out(data: bytes, path: Path) -> npt.NDArray[Any]:
    loops = data.lower().count(b"endfacet")
    words = _VERTEX.findall(data)
    if b"endsolid" not in data[-1000:].lower() or len(words) != 3 * loops:
        raise ReadError(
            path, f"its {loops} facets have {len(words)} corners, or its end is missing; it is cut short"
        )
    try:
        return np.array([[float(word) for word in vertex] for vertex in words], dtype=np.float64).reshape(
            -1, 3
        )
    except ValueError as error:
        raise ReadError(path, f"a vertex in it is not three numbers ({error})") from None


def write(mesh: TriangleMesh, stream: BinaryIO) -> None:
    """Binary; the format has float32 alone, so that far from the origin the digits end early."""
    position = mesh.vertices.astype(np.float64) + mesh.offset if mesh.offset.any() else mesh.vertices
    corners = position[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    rows = np.zeros(len(corners), dtype=_FACET)
    rows["normal"] = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
    rows["corners"] = corners
    stream.write(b"binary STL".ljust(80) + len(rows).to_bytes(4, "little"))
    stream.write(rows.tobytes())


FORMAT = Format("stl", "Stereolithography", (".stl",), ("Meshes",), read, write_mesh=write)

"""STL, binary or as text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import TriangleMesh
from apsnet_core.files.columns import counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons
from apsnet_core.files.words import BYTE_MARK, excerpt, numbers, unified
from apsnet_core.types import Array

_FACET = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("rest", "<u2")])
_VERTEX = re.compile(rb"\bvertex\s+([^\n]*)", re.IGNORECASE)
_FACET_LINE = re.compile(rb"^\s*facet\b", re.IGNORECASE | re.MULTILINE)


def read(path: Path) -> TriangleMesh:
    """A mesh; corners at the same place become one vertex."""
    data = path.read_bytes().removeprefix(BYTE_MARK)
    announced = int.from_bytes(data[80:84], "little") if len(data) >= 84 else -1
    needed = 84 + announced * _FACET.itemsize
    binary = announced >= 0 and len(data) == needed
    written_out = data.lstrip()[:5].lower() == b"solid" and (
        b"facet" in data[:4096].lower() or b"endsolid" in data[-1000:].lower()  # a solid without facets
    )
    if not binary and written_out:
        corners, notes = _written_out(unified(data), path)
    elif announced < 0:
        raise ReadError(
            path,
            f"it is {len(data)} bytes long; a binary STL has at least 84, a written-out one begins 'solid'",
        )
    elif len(data) < needed:
        raise ReadError(
            path,
            f"its header announces {announced} triangles, which take {needed - 84} bytes, "
            f"and {len(data) - 84} follow; it is cut short or no STL file",
        )
    else:
        rows = np.frombuffer(data, _FACET, announced, 84)
        corners, notes = rows["corners"].reshape(-1, 3), ()
        if data[needed:].strip(b"\0"):
            notes += (f"{counted(len(data) - needed, 'byte')} after the triangles announced left out",)
        if rows["rest"].any():
            notes += (f"attributes of {counted(int((rows['rest'] != 0).sum()), 'triangle')} left out",)
    if not len(corners):
        raise ReadError(path, "there is no triangle in it; at least one is needed")
    places = np.ascontiguousarray(corners + 0.0)  # -0 and 0 are one place
    whole = places.view(f"V{places.itemsize * 3}").reshape(-1)
    _, first, faces = np.unique(whole, return_index=True, return_inverse=True)
    return mesh_from_polygons(places[first], faces, np.full(len(places) // 3, 3), path, notes=notes)


def _written_out(text: bytes, path: Path) -> tuple[Array, tuple[str, ...]]:
    begun, ended = len(_FACET_LINE.findall(text)), text.lower().count(b"endfacet")
    words = _VERTEX.findall(text)
    if begun != ended or len(words) != 3 * begun:
        raise ReadError(
            path,
            f"{begun} facets begin in it, {ended} end, and they have {len(words)} corners, where each has "
            "three; it is cut short or damaged",
        )
    values = numbers(b"\n".join(words))
    if values is None or len(values) != 9 * begun:
        raise ReadError(path, _no_vertex(text))
    closed = b"endsolid" in text[-1000:].lower().rpartition(b"endfacet")[2]
    notes = () if closed else ("no line 'endsolid' at its end",)
    return values.reshape(-1, 3), notes


def _no_vertex(text: bytes) -> str:
    for number, line in enumerate(text.split(b"\n"), 1):
        match = _VERTEX.search(line)
        values = numbers(match[1]) if match else np.empty(3)
        if values is None or len(values) != 3:
            comma = "; decimals are written with a point, not a comma" if b"," in line else ""
            return f"line {number} is not a vertex of three numbers ({excerpt(line.strip())}){comma}"
    return "a vertex in it is not three numbers"


def write(mesh: TriangleMesh, stream: BinaryIO) -> None:
    """Write binary STL. The format stores float32 only, so positions far from the origin lose precision."""
    position = mesh.vertices.astype(np.float64) + mesh.offset if mesh.offset.any() else mesh.vertices
    corners = position[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    rows = np.zeros(len(corners), dtype=_FACET)
    rows["normal"] = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
    rows["corners"] = corners
    stream.write(b"binary STL".ljust(80) + len(rows).to_bytes(4, "little"))
    stream.write(rows.tobytes())


FORMAT = Format("stl", "Stereolithography", (".stl",), ("Meshes",), read, write_mesh=write, places_alone=True)

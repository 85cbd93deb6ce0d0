"""Files read as a cloud or a mesh, with the type asserted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import trimesh

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from tests.narrow import of_kind


def cloud_of(path: Path, data: str | bytes | None = None, **choice: Any) -> PointCloud:
    """Return the cloud in a file; if ``data`` is given, it is written to the file first."""
    return of_kind(PointCloud, _read(path, data, choice))


def mesh_of(path: Path, data: str | bytes | None = None, **choice: Any) -> TriangleMesh:
    """Return the mesh in a file; if ``data`` is given, it is written to the file first."""
    return of_kind(TriangleMesh, _read(path, data, choice))


def area_of(mesh: TriangleMesh) -> float:
    """The total area of the triangles, computed by trimesh."""
    return float(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).area)


def _read(path: Path, data: str | bytes | None, choice: dict[str, Any]) -> PointCloud | TriangleMesh:
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return files.read(path, **choice)

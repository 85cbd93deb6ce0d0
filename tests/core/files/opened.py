"""Files read back as what they are known to hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import trimesh

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from tests.narrow import of_kind


def cloud_of(path: Path, data: str | bytes | None = None, **choice: Any) -> PointCloud:
    """The cloud in a file, which is made of ``data`` first where there are any."""
    return of_kind(PointCloud, _read(path, data, choice))


def mesh_of(path: Path, data: str | bytes | None = None, **choice: Any) -> TriangleMesh:
    """The mesh in a file, which is made of ``data`` first where there are any."""
    return of_kind(TriangleMesh, _read(path, data, choice))


def area_of(mesh: TriangleMesh) -> float:
    """The area of all triangles, by trimesh."""
    return float(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).area)


def _read(path: Path, data: str | bytes | None, choice: dict[str, Any]) -> PointCloud | TriangleMesh:
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return files.read(path, **choice)

"""glTF and GLB: every mesh of the scene, where the scene puts it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.columns import cloud_from_arrays
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons


def read(path: Path) -> PointCloud | TriangleMesh:
    """One mesh of all the scene's triangles, or a cloud where it has points alone; in metres, y up."""
    trimesh = _trimesh()
    if path.suffix.lower() == ".gltf":
        try:
            json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            raise ReadError(
                path, "it is not the JSON that a .gltf file is; it is cut short or damaged"
            ) from None
    try:
        scene = trimesh.load_scene(path, process=False, skip_materials=True)
    except FileNotFoundError as error:
        raise ReadError(
            path, f"it needs the file {Path(error.filename or str(error)).name} beside it, which is not there"
        ) from None
    vertices: list[np.ndarray] = []
    faces: list[np.ndarray] = []
    loose: list[np.ndarray] = []
    count = 0
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        shape = scene.geometry[name]
        placed = np.asarray(shape.vertices) @ transform[:3, :3].T + transform[:3, 3]
        if isinstance(shape, trimesh.Trimesh):
            vertices.append(placed)
            faces.append(np.asarray(shape.faces, dtype=np.int64) + count)
            if len(faces[-1]) and not count <= faces[-1].min() <= faces[-1].max() < count + len(placed):
                raise ReadError(path, f"its mesh {name!r} has a triangle whose corner does not exist")
            count += len(placed)
        else:
            loose.append(placed)
    if faces:
        triangles = np.concatenate(faces)
        return mesh_from_polygons(
            np.concatenate(vertices), triangles.reshape(-1), np.full(len(triangles), 3), path
        )
    if loose:
        return cloud_from_arrays(np.concatenate(loose), path)
    raise ReadError(path, "there is no mesh in its scene; at least one mesh or set of points is needed")


def _trimesh() -> Any:
    """trimesh, for the first time without scipy: half of its start goes into what no reader asks for."""
    if "trimesh" not in sys.modules and "scipy" not in sys.modules:
        sys.modules["scipy"] = None  # type: ignore[assignment]
        try:
            import trimesh
        finally:
            del sys.modules["scipy"]
    import trimesh

    return trimesh


FORMATS = (
    Format("gltf", "glTF", (".gltf",), ("Meshes",), read, contained=True),
    Format("glb", "glTF, binary", (".glb",), ("Meshes",), read, contained=True),
)

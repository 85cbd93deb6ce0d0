"""Colours and normals of meshes: read as the files say, written, and read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import TriangleMesh
from apsnet_core.files.mesh import mesh_from_polygons

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)


def _mesh(path: Path) -> TriangleMesh:
    mesh = files.read(path)
    assert isinstance(mesh, TriangleMesh)
    return mesh


def test_vertices_are_doubled_where_colours_of_faces_meet() -> None:
    corners, red, blue = np.array([0, 1, 2, 0, 2, 3]), (255, 0, 0), (0, 0, 255)
    face_rgb = np.array([red, blue], np.uint8)
    mesh = mesh_from_polygons(
        SQUARE, corners, np.array([3, 3]), Path("a.off"), corner_rgb=np.repeat(face_rgb, 3, axis=0)
    )
    assert mesh.rgb is not None and len(mesh.vertices) == 6
    assert np.array_equal(mesh.vertices[mesh.faces].reshape(-1, 3), SQUARE[corners])
    assert np.array_equal(mesh.rgb[mesh.faces], np.repeat(face_rgb, 3, axis=0).reshape(2, 3, 3))
    assert mesh.notes == ("2 vertices doubled where colours meet",)
    one = mesh_from_polygons(
        SQUARE, corners, np.array([3, 3]), Path("a.off"), corner_rgb=np.repeat(face_rgb[[0, 0]], 3, axis=0)
    )
    assert len(one.vertices) == 4 and one.notes == ()


@pytest.mark.parametrize("counts", [(3, 3), (4, 2)])
def test_faces_without_area_are_counted(counts: tuple[int, int]) -> None:
    vertices = np.vstack([SQUARE, [[np.nan, 0, 0]]])
    corners = np.array([0, 1, 2, 0, 3, 4] if counts == (3, 3) else [0, 1, 2, 3, 0, 3])
    mesh = mesh_from_polygons(vertices, corners, np.array(counts), Path("a.off"))
    why = "a corner is not finite" if counts == (3, 3) else "fewer than three corners"
    assert mesh.notes == (f"1 face left out: {why}",) and mesh.dropped == 1

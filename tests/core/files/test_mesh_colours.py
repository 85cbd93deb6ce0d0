"""Colours of meshes, and notes on faces, colours and weights that are left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core.files.mesh import mesh_from_polygons
from tests.core.files.opened import mesh_of

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)


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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ply", "ply\nformat ascii 1.0\nelement vertex 3\n{}element face 1\n{}end_header\n{}3 0 1 2\n"),
        ("a.off", "COFF\n3 1 0\n{rows}3 0 1 2\n"),
        ("a.obj", "v {}\nv {}\nv {}\nf 1 2 3\n"),
    ],
)
def test_invalid_colours_are_left_out_with_a_note(tmp_path: Path, name: str, text: str) -> None:
    rows = ["0 0 0 -1 0 0", "1 0 0 0 0 0", "0 1 0 0 0 0"]
    if name == "a.ply":
        names = "".join(f"property float {n}\n" for n in ("x", "y", "z", "red", "green", "blue"))
        faces = "property list uchar int vertex_indices\n"
        text = text.format(names, faces, "\n".join([*rows, ""]))
    else:
        text = text.format(*rows, rows="\n".join([*rows, ""]))
    (tmp_path / name).write_text(text)
    mesh = mesh_of(tmp_path / name)
    assert mesh.rgb is None
    assert mesh.notes == ("colours left out: they are not numbers from 0 to 1, 255, or 65535",)


@pytest.mark.parametrize("suffix", [".ply", ".off", ".obj", ".stl"])
def test_a_utf_8_byte_order_mark_is_skipped(tmp_path: Path, suffix: str) -> None:
    texts = {
        ".ply": "ply\nformat ascii 1.0\nelement vertex 3\n"
        "property float x\nproperty float y\nproperty float z\nelement face 1\n"
        "property list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
        ".off": "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
        ".obj": "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n",
        ".stl": "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\n"
        "endfacet\nendsolid a\n",
    }
    (tmp_path / f"a{suffix}").write_bytes(b"\xef\xbb\xbf" + texts[suffix].encode())
    mesh = mesh_of(tmp_path / f"a{suffix}")
    assert len(mesh.vertices) == 3 and mesh.notes == ()


def test_weights_of_vertices_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text("v 0 0 0 1\nv 1 0 0 2\nv 0 1 0 1.0\nf 1 2 3\n")
    assert mesh_of(tmp_path / "a.obj").notes == (
        "weights of 1 vertex left out: positions are not divided by them",
    )

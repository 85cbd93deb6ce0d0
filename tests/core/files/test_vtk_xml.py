"""XML files of VTK: a square and a triangle in all the encodings in which VTK 9.7 wrote them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh

WRITTEN = Path(__file__).parent / "vtk_xml"
POINTS = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [2, 0.5, 0]]
COLOURS = [[50 * k, 0, 255] for k in range(5)]
WAYS = ["words.vtp", "inline.vtp", "inline_zlib.vtp", "appended_raw.vtp", "appended_raw_lzma.vtp"]
WAYS += ["appended_zlib_big.vtp", "cells.vtu"]


@pytest.mark.parametrize("name", WAYS)
def test_all_encodings_of_vtk_are_read(name: str) -> None:
    mesh = files.read(WRITTEN / name)
    assert isinstance(mesh, TriangleMesh) and mesh.rgb is not None and mesh.normals is not None
    assert mesh.vertices.tolist() == POINTS and mesh.rgb.tolist() == COLOURS and mesh.notes == ()
    assert mesh.normals.tolist() == [[0, 0, 1]] * 5
    assert trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).area == 1.5 and len(mesh.faces) == 3


def test_points_without_cells_are_a_cloud_with_fields() -> None:
    cloud = files.read(WRITTEN / "points.vtp")
    assert isinstance(cloud, PointCloud) and cloud.rgb is not None
    assert cloud.xyz.tolist() == POINTS and cloud.rgb.tolist() == COLOURS
    assert cloud.attributes["height"].tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_an_xml_file_may_be_called_vtk_and_have_several_pieces(tmp_path: Path) -> None:
    text = (WRITTEN / "words.vtp").read_text()
    start, end = text.index("<Piece"), text.index("</PolyData>")
    (tmp_path / "a.vtk").write_text(text[:end] + text[start:])
    mesh = files.read(tmp_path / "a.vtk")
    assert isinstance(mesh, TriangleMesh) and mesh.vertices.tolist() == POINTS * 2
    assert np.array_equal(mesh.faces[3:], mesh.faces[:3] + 5)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("lz4.vtp", b"", b"", "packed by vtkLZ4DataCompressor; accepted are"),
        ("words.vtp", b"PolyData", b"ImageData", "holds a ImageData; PolyData and UnstructuredGrid"),
        ("words.vtp", b"</Points>", b"", "not well-formed XML"),
        ("words.vtp", b" 0.5 ", b" half ", "a word of its array Points is not a number"),
        ("words.vtp", b'"Float32"', b'"Float31"', "has the type Float31"),
        ("appended_raw.vtp", b'offset="', b'offset="9999', "cannot be unpacked"),
        ("inline_zlib.vtp", b"eF5", b"eF4", "cannot be unpacked"),
        ("words.vtp", b"0 1 2 3", b"0 1 2 9", "names a vertex that does not exist"),
    ],
)
def test_invalid_vtk_xml_files_are_refused(
    tmp_path: Path, name: str, old: bytes, new: bytes, why: str
) -> None:
    data = (WRITTEN / name).read_bytes()
    assert old in data
    path = tmp_path / name
    path.write_bytes(data.replace(old, new) if old else data)
    with pytest.raises(files.ReadError, match=why):
        files.read(path)

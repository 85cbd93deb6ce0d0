"""Legacy VTK: the same mesh as text and binary, of versions 3 and 5, as polygons, strips and cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh

POINTS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [5, 5, 5]], np.float32)
SQUARE = [[0, 1, 2], [2, 1, 3]]


class File:
    """A builder of legacy VTK files, as text or binary."""

    def __init__(self, text: bool, kind: str = "POLYDATA", version: str = "3.0") -> None:
        self.text = text
        self.data = f"# vtk DataFile Version {version}\na title\n{'ASCII' if text else 'BINARY'}\n".encode()
        self.line(f"DATASET {kind}")

    def line(self, words: str) -> File:
        self.data += words.encode() + b"\n"
        return self

    def numbers(self, values: Any, type_: str) -> File:
        array = np.asarray(values, type_)
        self.data += " ".join(map(str, array.ravel().tolist())).encode() if self.text else array.tobytes()
        self.data += b"\n"
        return self

    def points(self) -> File:
        return self.line(f"POINTS {len(POINTS)} float").numbers(POINTS, ">f4")

    def cells(self, word: str, rows: list[list[int]]) -> File:
        flat = [number for row in rows for number in (len(row), *row)]
        return self.line(f"{word} {len(rows)} {len(flat)}").numbers(flat, ">i4")

    def read(self, folder: Path) -> PointCloud | TriangleMesh:
        (folder / "a.vtk").write_bytes(self.data)
        return files.read(folder / "a.vtk")

    def mesh(self, folder: Path) -> TriangleMesh:
        mesh = self.read(folder)
        assert isinstance(mesh, TriangleMesh)
        return mesh


@pytest.mark.parametrize("text", [True, False])
def test_polygons_and_strips_are_read_and_lines_are_noted(tmp_path: Path, text: bool) -> None:
    mesh = File(text).points().cells("POLYGONS", SQUARE).mesh(tmp_path)
    assert mesh.faces.tolist() == SQUARE and np.array_equal(mesh.vertices, POINTS) and mesh.notes == ()
    mesh = (
        File(text).points().cells("LINES", [[0, 4]]).cells("TRIANGLE_STRIPS", [[0, 1, 2, 3]]).mesh(tmp_path)
    )
    assert mesh.faces.tolist() == SQUARE and mesh.notes == ("1 polyline left out",)


@pytest.mark.parametrize("text", [True, False])
def test_offsets_and_connectivity_of_version_5_are_read(tmp_path: Path, text: bool) -> None:
    file = File(text, version="5.1").points().line("POLYGONS 3 6").line("OFFSETS vtktypeint64")
    file.numbers([0, 3, 6], ">i8").line("CONNECTIVITY vtktypeint64").numbers(np.array(SQUARE), ">i8")
    file.line("METADATA").line("INFORMATION 0").line("")
    assert file.mesh(tmp_path).faces.tolist() == SQUARE


@pytest.mark.parametrize("text", [True, False])
def test_cells_of_an_unstructured_grid_become_triangles(tmp_path: Path, text: bool) -> None:
    file = File(text, "UNSTRUCTURED_GRID").points()
    file.cells("CELLS", [[0, 1, 3, 2], [0, 1, 2, 3], [0, 1, 2, 4], [4], [0, 1, 2]])
    mesh = file.line("CELL_TYPES 5").numbers([9, 8, 10, 1, 5], ">i4").mesh(tmp_path)
    corners = mesh.vertices[mesh.faces].astype(float)
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    assert area.tolist() == [0.5] * 5 and mesh.notes == ("1 cell left out: no flat faces",)


@pytest.mark.parametrize("text", [True, False])
def test_colours_normals_and_fields_of_points_are_read(tmp_path: Path, text: bool) -> None:
    file = File(text).points()
    if text:
        file.line("POINT_DATA 5").line("COLOR_SCALARS rgb 3").numbers(np.tile([1, 0.5, 0], 5), ">f4")
    else:
        file.line("POINT_DATA 5").line("COLOR_SCALARS rgb 3").numbers(np.tile([255, 128, 0], 5), ">u1")
    file.line("NORMALS n float").numbers(np.tile([0, 0, 1], 5), ">f4")
    file.line("SCALARS heat double 1").line("LOOKUP_TABLE default").numbers(np.arange(5), ">f8")
    file.line("FIELD FieldData 1").line("ring 1 5 unsigned_short").numbers(np.arange(5), ">u2")
    cloud = file.read(tmp_path)
    assert isinstance(cloud, PointCloud) and np.array_equal(cloud.xyz, POINTS)
    assert cloud.rgb is not None and cloud.rgb.tolist() == [[255, 128, 0]] * 5
    assert cloud.normals is not None and cloud.normals.tolist() == [[0, 0, 1]] * 5
    assert {name: (v.dtype.str, v.tolist()) for name, v in cloud.attributes.items()} == {
        "heat": ("<f8", [0, 1, 2, 3, 4]),
        "ring": ("<u2", [0, 1, 2, 3, 4]),
    }
    head, sections = file.data.split(b"POINT_DATA", 1)
    file.data = head
    file.cells("POLYGONS", SQUARE)
    file.data += b"POINT_DATA" + sections
    mesh = file.mesh(tmp_path)
    assert mesh.rgb is not None and mesh.normals is not None
    assert mesh.notes == ("fields of the vertices left out, which a mesh cannot keep: heat, ring",)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (File(True, "STRUCTURED_GRID"), "it holds a STRUCTURED_GRID"),
        (File(False).line("POINTS 999999999 float"), "announces 2999999997 numbers and ends"),
        (File(True).line("POINTS 2 float").line("1 2 3"), "announces 6 numbers and ends"),
        (File(True).line("POINTS 1 float").line("1 two 3"), "not a number"),
        (File(True).points().line("POLYGONS 1 4").line("9 0 1 2"), "cells do not fit"),
        (File(True).points().line("NONSENSE 3"), "'NONSENSE 3' in it cannot be understood"),
        (
            File(True).points().line("POINT_DATA 2").line("SCALARS a int").numbers([1, 2], ">i4"),
            "2 values of a",
        ),
        (File(True), "there is no point"),
    ],
)
def test_invalid_vtk_files_are_refused(tmp_path: Path, file: File, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        file.read(tmp_path)

"""OFF, STL and PCD as other programs write them, and errors and notes for invalid or surplus contents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from tests.core.files.opened import mesh_of

SQUARE = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]


def _off(head: str, tail: str = "", face: str = "4 0 1 2 3") -> str:
    return f"{head}\n4 1 0\n" + "".join(f"{x} {y} {z} {tail}\n" for x, y, z in SQUARE) + face + "\n"


@pytest.mark.parametrize(
    ("head", "tail", "rgb", "normal"),
    [
        ("COFF", "255 0 10 255", [255, 0, 10], None),
        ("COFF", "1.0 0.5 0 1.0", [255, 128, 0], None),
        ("COFF", "9 8 7", [9, 8, 7], None),
        ("CNOFF", "0 0 1 9 8 7 255", [9, 8, 7], [0, 0, 1]),
        ("STCNOFF", "0 0 1 9 8 7 255 0.5 0.5", [9, 8, 7], [0, 0, 1]),
        ("NOFF", "0 1 0", None, [0, 1, 0]),
    ],
)
def test_the_header_word_of_off_decides_the_columns_of_a_vertex(
    tmp_path: Path, head: str, tail: str, rgb: list[int] | None, normal: list[int] | None
) -> None:
    mesh = mesh_of(tmp_path / "a.off", _off(head, tail))
    assert (None if mesh.rgb is None else mesh.rgb.tolist()) == ([rgb] * 4 if rgb else None)
    assert (None if mesh.normals is None else mesh.normals.tolist()) == ([normal] * 4 if normal else None)
    assert mesh.notes == (("2 further numbers of each vertex left out",) if "ST" in head else ())


def test_a_fourth_coordinate_divides_the_others(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.off", _off("4OFF", "2"))
    assert mesh.vertices.tolist() == [[x / 2, y / 2, z / 2] for x, y, z in SQUARE]
    with pytest.raises(files.ReadError, match="points in n dimensions"):
        mesh_of(tmp_path / "b.off", _off("nOFF"))


@pytest.mark.parametrize(("colour", "red"), [("255 0 0", 255), ("0.5 0 0 1", 128), ("200 0 0 255", 200)])
def test_faces_of_off_have_colours(tmp_path: Path, colour: str, red: int) -> None:
    mesh = mesh_of(tmp_path / "a.off", _off("OFF", face=f"4 0 1 2 3 {colour}"))
    assert mesh.rgb is not None and mesh.rgb.tolist() == [[red, 0, 0]] * 4


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("OFF\n4 1 0\n5\n1 0 0\n0 1 0\n0 0 1\n3 0 1 2\n", "line 3 has 1 number where a vertex has 3"),
        ("OFF\n3 1 0\n0 0 0 1 0 0\n0 1 0\n0 0 1\n3 0 1 2\n", "line 3 has 6 numbers"),
        ("OFF\n3 1 0\n0 0 0\n0,5 1 0\n0 0 1\n3 0 1 2\n", "line 4 has '0,5'.*not a comma"),
        ("OFF\n3 1 0\n0 0 0\n0 1 0\n0 0 1\n\n4 0 1 2\n", "face 1 in line 7"),
        ("OFF\n3 1 0\n0 0 0\n0 1 0\n0 0 1\n3 0 1 1.5\n", "not a whole number"),
        ("OFF\n3 2 0\n0 0 0\n0 1 0\n0 0 1\n3 0 1 2\n", "announces 3 vertices and 2 faces, but 4 lines"),
    ],
)
def test_invalid_lines_of_off_are_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        mesh_of(tmp_path / "a.off", text)


def test_surplus_lines_of_off_are_noted(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.off", _off("OFF") + "3 0 1 2\n3 0 1 2\n")
    assert mesh.notes == ("2 lines after the last that the header announces left out",)
    mesh = mesh_of(tmp_path / "b.off", _off("OFF").replace("\n", "\r"))
    assert len(mesh.faces) == 2


@pytest.mark.parametrize("suffix", [".off", ".ply"])
def test_a_mesh_with_colours_and_normals_is_read_back(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(0)
    vertices = rng.normal(size=(9, 3)).astype(np.float32)
    rgb = rng.integers(0, 256, (9, 3)).astype(np.uint8)
    mesh = TriangleMesh(vertices, np.arange(9).reshape(3, 3), rgb=rgb, normals=-vertices)
    files.write(mesh, tmp_path / f"a{suffix}")
    back = files.read(tmp_path / f"a{suffix}")
    assert isinstance(back, TriangleMesh) and back.notes == ()
    for name in ("vertices", "faces", "rgb", "normals"):
        assert np.array_equal(getattr(back, name), getattr(mesh, name)), name


FACET = "facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n"


def test_ascii_stl_without_endsolid_is_read_with_a_note(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.stl", "solid a\n" + FACET)
    assert len(mesh.faces) == 1 and mesh.notes == ("no line 'endsolid' at its end",)
    assert mesh_of(tmp_path / "b.stl", ("solid a\n" + FACET + "endsolid a\n").replace("\n", "\r")).notes == ()
    with pytest.raises(files.ReadError, match="there is no triangle in it"):
        mesh_of(tmp_path / "f.stl", f"solid {'of nothing ' * 20}\nendsolid\n")
    several = mesh_of(tmp_path / "c.stl", ("solid a facet\n" + FACET + "endsolid a\n") * 2)
    assert len(several.faces) == 2 and several.notes == ()
    with pytest.raises(files.ReadError, match=r"line 12 is not a vertex of three .*'vertex 0,5.*comma"):
        mesh_of(tmp_path / "d.stl", "solid a\n" + FACET + FACET.replace("vertex 1", "vertex 0,5"))
    for broken in (FACET[:-9], FACET.replace("vertex 0 1 0\n", "")):
        with pytest.raises(files.ReadError, match="it is cut short or damaged"):
            mesh_of(tmp_path / "e.stl", "solid a\n" + FACET + broken)


def test_further_contents_of_binary_stl_are_counted_in_notes(tmp_path: Path) -> None:
    data = bytearray(trimesh.creation.box().export(file_type="stl"))
    data[84 + 48] = 7
    mesh = mesh_of(tmp_path / "a.stl", bytes(data) + b"more")
    assert mesh.notes == (
        "4 bytes after the triangles announced left out",
        "attributes of 1 triangle left out",
    )


def _pcd(path: Path, body: bytes, data: str = "ascii", end: str = "\n", **lines: str) -> PointCloud:
    head = {"FIELDS": "x y z n", "SIZE": "4 4 4 1", "TYPE": "F F F U", "COUNT": "1 1 1 1"}
    head |= {"WIDTH": "2", "HEIGHT": "1", "POINTS": "2", "DATA": data} | lines
    text = "".join(f"{name} {words}{end}" for name, words in head.items()).encode()
    path.write_bytes(text + body.replace(b"\n", end.encode()))
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud)
    return cloud


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_pcd_with_lower_case_types_and_any_line_ends_is_read(tmp_path: Path, end: str) -> None:
    cloud = _pcd(tmp_path / "a.pcd", b"0 0 0 1\n-nan(ind) 0 0 2\n", end=end, TYPE="f f f u")
    assert cloud.xyz.tolist() == [[0, 0, 0]] and cloud.dropped == 1 and cloud.attributes["n"].tolist() == [1]


def test_organised_and_overlong_pcd_files_are_read_with_notes(tmp_path: Path) -> None:
    cloud = _pcd(tmp_path / "a.pcd", b"0 0 0 1\n1 1 1 2\n5 5 5 5\n", WIDTH="1", HEIGHT="2")
    assert cloud.notes == (
        "1 line after the points that the header announces left out",
        "organised as 1 x 2: kept as a list of points",
    )
    row = np.zeros(2, "<f4,<f4,<f4,u1").tobytes()
    cloud = _pcd(tmp_path / "b.pcd", row + b"abc", data="binary")
    assert cloud.notes == ("3 bytes after the points that the header announces left out",)
    cloud = _pcd(tmp_path / "c.pcd", row, data="binary", FIELDS="x y z x")
    assert cloud.attributes.keys() == {"x_"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"0 0 0 1 5 5 5 5\n1 1 1 1\n", "line 9 has 8 numbers where a point has 4"),
        (b"0 0 0 1\n1 1 1\n", "line 10 has 3 numbers"),
        (b"0 0 0 9.9\n1 1 1 1\n", "'n' is declared uint8.* is 9.9"),
        (b"0 0 0 1\n1,5 1 1 1\n", "line 10 has '1,5'.*comma"),
    ],
)
def test_invalid_lines_of_pcd_are_refused(tmp_path: Path, body: bytes, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        _pcd(tmp_path / "a.pcd", body)


def test_integers_of_64_bits_are_read_exactly(tmp_path: Path) -> None:
    large = 2**63 + 12345
    cloud = _pcd(tmp_path / "a.pcd", f"0 0 0 {large}\n1 1 1 3\n".encode(), SIZE="4 4 4 8")
    assert cloud.attributes["n"].tolist() == [large, 3]

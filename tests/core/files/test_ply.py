"""PLY in the variants of its many writers, against plyfile or, if it cannot read them, the input arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import plyfile
import pytest
from PIL import Image

from apsnet_core import files
from apsnet_core.cloud import TriangleMesh
from tests.core.files.opened import cloud_of, mesh_of
from tests.narrow import present

XYZ = "property float x\nproperty float y\nproperty float z\n"
FACES = "element face {}\nproperty list uchar int vertex_indices\n"
CORNERS = "0 0 0\n1 0 0\n0 1 0\n"


def _file(path: Path, head: str, body: str | bytes, kind: str = "ascii", end: str = "\n") -> Path:
    text = f"ply\nformat {kind} 1.0\n{head}end_header\n".replace("\n", end).encode()
    path.write_bytes(text + (body.replace("\n", end).encode() if isinstance(body, str) else body))
    return path


@pytest.mark.parametrize("kind", ["ascii", "binary_little_endian", "binary_big_endian"])
@pytest.mark.parametrize("length", ["u1", "u2", "i4"])
@pytest.mark.filterwarnings("ignore:loadtxt")
def test_lists_of_varying_length_beside_the_points_are_skipped(
    tmp_path: Path, kind: str, length: str
) -> None:
    rng = np.random.default_rng(0)
    xyz, red = rng.normal(size=(50, 3)).astype("f4"), rng.integers(0, 256, 50)
    words = {"u1": "uchar", "u2": "ushort", "i4": "int"}
    head = f"element vertex 50\nproperty list {words[length]} int seen\nproperty float x\nproperty double y\n"
    head += f"property uchar red\nproperty list {words[length]} double weights\nproperty float z\n"
    order, cells = ">" if "big" in kind else "<", []
    for k, (x, y, z) in enumerate(xyz):
        seen, weights = rng.integers(0, 9, k % 4), rng.random(k % 3)
        row = [(length, len(seen)), ("i4", seen), ("f4", x), ("f8", y), ("u1", red[k])]
        cells.append([*row, (length, len(weights)), ("f8", weights), ("f4", z)])
    if kind == "ascii":
        lines = [" ".join(str(v) for _, part in row for v in np.atleast_1d(part).tolist()) for row in cells]
        _file(tmp_path / "a.ply", head, "\n".join(lines), kind)
    else:
        body = b"".join(np.array(part, order + type_).tobytes() for row in cells for type_, part in row)
        _file(tmp_path / "a.ply", head, body, kind)
    cloud = cloud_of(tmp_path / "a.ply")
    assert np.array_equal(cloud.xyz, xyz) and np.array_equal(cloud.attributes["red"], red)
    assert cloud.notes == ("lists of the points left out: seen, weights",)
    vertex = plyfile.PlyData.read(tmp_path / "a.ply")["vertex"]
    assert np.array_equal(cloud.xyz, np.column_stack([vertex[axis] for axis in "xyz"]).astype(np.float32))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ply_with_line_ends_of_all_systems_is_read(tmp_path: Path, end: str) -> None:
    mesh = mesh_of(
        _file(tmp_path / "a.ply", f"element vertex 3\n{XYZ}{FACES.format(1)}", CORNERS + "3 0 1 2\n", end=end)
    )
    assert mesh.faces.tolist() == [[0, 1, 2]] and mesh.notes == ()
    # A binary body may begin with the byte of a line end, which must not be skipped.
    body = np.array([(10, 13, 0)], "<u4").tobytes()
    ints = XYZ.replace("float", "uint")
    path = _file(tmp_path / "b.ply", f"element vertex 1\n{ints}", body, "binary_little_endian", end)
    assert cloud_of(path).absolute.tolist() == [[10, 13, 0]]


def test_values_of_a_row_may_span_lines(tmp_path: Path) -> None:
    head = f"element vertex 3\n{XYZ}{FACES.format(1)}"
    mesh = mesh_of(_file(tmp_path / "a.ply", head, "0 0\n0\n1 0 0 0 1 0\n3 0\n1 2\n"))
    assert len(mesh.vertices) == 3 and mesh.faces.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("word", ["-nan(ind)", "nan", "-1.#IND", "1.#QNAN", "NaN", "1.#INF", "-inf"])
def test_points_with_nan_or_infinity_in_any_spelling_are_dropped(tmp_path: Path, word: str) -> None:
    body = f"0 0 0\n{word} {word} {word}\n1 1 1\n"
    cloud = cloud_of(_file(tmp_path / "a.ply", f"element vertex 3\n{XYZ}", body))
    assert cloud.dropped == 1 and cloud.xyz.tolist() == [[0, 0, 0], [1, 1, 1]]


@pytest.mark.parametrize("kind", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_triangle_strips_become_triangles_of_equal_orientation(tmp_path: Path, kind: str) -> None:
    points = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 2, 0]]
    strip = [8, 0, 1, 2, 3, -1, 2, 3, 4]
    head = f"element vertex 5\n{XYZ}element tristrips 1\nproperty list int int vertex_indices\n"
    if kind == "ascii":
        body: str | bytes = "\n".join(" ".join(map(str, row)) for row in [*points, strip])
    else:
        order = "<" if "little" in kind else ">"
        body = np.array(points, order + "f4").tobytes() + np.array(strip, order + "i4").tobytes()
    mesh = mesh_of(_file(tmp_path / "a.ply", head, body, kind))
    assert mesh.faces.tolist() == [[0, 1, 2], [2, 1, 3], [2, 3, 4]]
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()


def test_a_gaussian_splat_has_the_colour_of_its_constant_term(tmp_path: Path) -> None:
    names = [f"property float f_dc_{k}\n" for k in range(3)]
    body = "0 0 0 0 1 -1\n1 1 1 9 -9 0.5\n"
    cloud = cloud_of(_file(tmp_path / "a.ply", f"element vertex 2\n{XYZ}{''.join(names)}", body))
    expected = np.clip(0.5 + 0.28209479 * np.array([[0, 1, -1], [9, -9, 0.5]]), 0, 1) * 255
    assert cloud.rgb is not None and np.abs(cloud.rgb - expected).max() <= 0.5
    assert "f_dc_0" in cloud.attributes


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("0 0 0 9 9 9\n1 1 1 7 8\n3 3 3\n", r"line 8 has 6 numbers where a row of 'vertex' has 3"),
        ("0 0 0\n1 1 1 7\n3 3 3\n", r"line 9 has 4 numbers"),
        ("0.0 0 0\n1 1\n3 3 3\n", r"line 9 has 2 numbers"),
        ("0.00000 0 0\n1 1 1\n", "it ends before its 3 rows of 'vertex' do"),
        ("0 0 0\n0,5 1 1\n1 1 1\n", r"line 9 has '0,5' where a number is needed; .*not a comma"),
        ("0 0 0\none 1 1\n1 1 1\n", r"line 9 has 'one'"),
    ],
)
def test_the_error_names_an_invalid_line(tmp_path: Path, body: str, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        files.read(_file(tmp_path / "a.ply", f"element vertex 3\n{XYZ}", body))


def test_values_outside_the_range_of_their_type_are_refused(tmp_path: Path) -> None:
    for value, declared in [("9.9", "uchar"), ("256", "uchar"), ("-1", "uint"), ("nan", "int")]:
        head = f"element vertex 1\n{XYZ}property {declared} red\n"
        with pytest.raises(files.ReadError, match=f"'red' is declared .* is {value}"):
            files.read(_file(tmp_path / "a.ply", head, f"0 0 0 {value}\n"))


@pytest.mark.parametrize("kind", ["ascii", "binary_little_endian"])
def test_rows_beyond_the_announced_count_are_noted(tmp_path: Path, kind: str) -> None:
    """The header announces one face, but 80 follow."""
    head = f"element vertex 3\n{XYZ}element edge 2\nproperty int a\n{FACES.format(1)}"
    if kind == "ascii":
        body: str | bytes = CORNERS + "7\n8\n" + "3 0 1 2\n" * 80
        extra = "79 lines"
    else:
        body = (
            np.eye(3, dtype="<f4").tobytes()
            + bytes(8)
            + (b"\x03" + np.arange(3).astype("<i4").tobytes()) * 80
        )
        extra = "1,027 bytes"
    mesh = mesh_of(_file(tmp_path / "a.ply", head, body, kind))
    assert mesh.notes == (
        f"{extra} after the last row that the header announces left out",
        "2 rows of 'edge' left out",
    )


@pytest.mark.parametrize("text", [True, False])
def test_colours_of_vertices_and_of_faces(tmp_path: Path, text: bool) -> None:
    vertices = np.zeros(3, [("x", "f4"), ("y", "f4"), ("z", "f4"), ("quality", "f4")])
    vertices["x"], vertices["y"] = [0, 1, 0], [0, 0, 1]
    faces = np.empty(2, [("vertex_indices", object), ("red", "u1"), ("green", "u1"), ("blue", "u1")])
    faces["vertex_indices"] = [np.array(row, "i4") for row in ([0, 1, 2], [2, 1, 0])]
    faces["red"] = [255, 1]
    faces["green"], faces["blue"] = 7, 8
    parts = [plyfile.PlyElement.describe(vertices, "vertex"), plyfile.PlyElement.describe(faces, "face")]
    plyfile.PlyData(parts, text=text).write(tmp_path / "a.ply")
    mesh = mesh_of(tmp_path / "a.ply")
    assert mesh.rgb is not None
    assert mesh.rgb[mesh.faces].tolist() == [[[255, 7, 8]] * 3, [[1, 7, 8]] * 3]
    assert mesh.notes == (
        "fields of the vertices left out, which a mesh cannot keep: quality",
        "3 vertices doubled where colours meet",
    )


@pytest.mark.parametrize("where", ["corners", "vertices"])
def test_a_texture_colours_the_corners(tmp_path: Path, where: str) -> None:
    pixels = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]], np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    lower, right, upper = "0.1 0.1", "0.9 0.1", "0.1 0.9"
    head = f"comment TextureFile a.png\nelement vertex 3\n{XYZ}"
    if where == "corners":
        head += FACES.format(1) + "property list uchar float texcoord\n"
        body = CORNERS + f"3 0 1 2 6 {lower} {right} {upper}\n"
    else:
        head += "property float s\nproperty float t\n" + FACES.format(1)
        body = f"0 0 0 {lower}\n1 0 0 {right}\n0 1 0 {upper}\n3 0 1 2\n"
    mesh = mesh_of(_file(tmp_path / "a.ply", head, body))
    assert mesh.rgb is not None and mesh.notes == ()
    assert mesh.rgb[mesh.faces[0]].tolist() == [[7, 8, 9], [10, 11, 12], [1, 2, 3]]
    (tmp_path / "a.png").unlink()
    assert mesh_of(tmp_path / "a.ply").notes[0] == "texture a.png left out: it is not there"


@pytest.mark.parametrize("type_", [np.uint8, np.uint16])
def test_a_coloured_mesh_is_read_back(tmp_path: Path, type_: Any) -> None:
    rgb = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 255]], type_)
    normals = np.eye(3, dtype=np.float32)
    mesh = TriangleMesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]]), rgb=rgb, normals=normals)
    files.write(mesh, tmp_path / "a.ply")
    back = mesh_of(tmp_path / "a.ply")
    assert back.rgb is not None and back.rgb.dtype == type_ and np.array_equal(back.rgb, rgb)
    assert np.array_equal(present(back.normals), normals) and np.array_equal(back.faces, mesh.faces)
    vertex = plyfile.PlyData.read(tmp_path / "a.ply")["vertex"]
    assert np.array_equal(vertex["blue"], rgb[:, 2])


def test_three_million_empty_lists_are_read_quickly(tmp_path: Path) -> None:
    points = np.eye(3, dtype="<f4").tobytes()
    head = f"element vertex 3\n{XYZ}{FACES.format(3_000_000)}"
    path = _file(tmp_path / "a.ply", head, points + bytes(3_000_000), "binary_little_endian")
    with pytest.raises(files.ReadError, match="none of its faces has three usable corners"):
        files.read(path)
    path = _file(
        tmp_path / "b.ply",
        f"element vertex 3\n{XYZ}{FACES.format(300_000)}",
        points + bytes(299_999) + b"\x03" + np.arange(3).astype("<i4").tobytes(),
        "binary_little_endian",
    )
    assert mesh_of(path).notes == ("299,999 faces left out: fewer than three corners",)

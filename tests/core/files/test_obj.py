"""OBJ: all forms of corners, colours of vertices, materials and textures; errors name the invalid line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from apsnet_core import files
from apsnet_core.assets import asset
from apsnet_core.cloud import TriangleMesh
from tests.narrow import of_kind, present

SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"
TEXTURED = SQUARE + "vt 0.1 0.1\nvt 0.9 0.1\nvt 0.9 0.9\nvt 0.1 0.9\n"


def _mesh(path: Path, text: str) -> TriangleMesh:
    path.write_bytes(text.encode())
    mesh = files.read(path)
    assert isinstance(mesh, TriangleMesh)
    return mesh


@pytest.mark.parametrize(
    "faces",
    [
        "f 1 2 3 4",
        "f 1/1/1 2/2 3//3 4",
        "f 1/ 2/ 3/ 4/",
        "f 1// 2 3/1 4",
        "f 1 2 3\nf 1/1 3/1 4/1",
        "f -4 -3 -2 -1",
        "  f 1 2 3\n\tf 1 3 4",
        "f 1 2 \\\n3 4",
        "f 1 2 3 4\r",
    ],
)
def test_corners_in_all_notations_and_mixed_are_read(tmp_path: Path, faces: str) -> None:
    mesh = _mesh(tmp_path / "a.obj", TEXTURED + faces)
    assert mesh.faces.tolist() == [[0, 1, 2], [0, 2, 3]] and mesh.notes == ()


def test_negative_vertex_numbers_count_back_from_their_own_line(tmp_path: Path) -> None:
    text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nv 5 0 0\nv 6 0 0\nv 5 1 0\nf -3 -2 -1\n"
    assert _mesh(tmp_path / "a.obj", text).faces.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_colours_of_vertices(tmp_path: Path) -> None:
    coloured = "v 0 0 0 1 0 0\nv 1 0 0 0 0.5 0\nv 1 1 0 0 0 1\nf 1 2 3\n"
    mesh = _mesh(tmp_path / "a.obj", coloured)
    assert mesh.rgb is not None and mesh.rgb.tolist() == [[255, 0, 0], [0, 128, 0], [0, 0, 255]]
    mesh = _mesh(tmp_path / "b.obj", coloured.replace(" 0 0 1\nf", "\nf"))
    assert mesh.rgb is None and mesh.notes == ("colours of 2 vertices left out: the others have none",)


def test_colours_after_a_weight_are_read(tmp_path: Path) -> None:
    mesh = _mesh(tmp_path / "a.obj", "v 0 0 0 1 1 0 0\nv 1 0 0 1 0 0.5 0\nv 1 1 0 1 0 0 1\nf 1 2 3\n")
    assert mesh.rgb is not None and mesh.rgb.tolist() == [[255, 0, 0], [0, 128, 0], [0, 0, 255]]


def test_colours_with_alpha_are_read_as_by_trimesh(tmp_path: Path) -> None:
    text = "v 0 0 0 1 0 0 1\nv 1 0 0 0 0.6 0 1\nv 1 1 0 0 0 1 0.2\nf 1 2 3\n"
    mesh = _mesh(tmp_path / "a.obj", text)
    told: Any = trimesh.load(tmp_path / "a.obj", process=False)
    assert mesh.rgb is not None and np.array_equal(mesh.rgb, told.visual.vertex_colors[:, :3])
    assert mesh.notes == ("alpha of the vertices left out",)


def test_normals_of_vertices(tmp_path: Path) -> None:
    normals = "vn 0 0 1\nvn 0 1 0\nvn 0 0 1\n"
    mesh = _mesh(tmp_path / "a.obj", SQUARE + normals + "f 1//1 2//2 3//3\nf 1//3 3//1 4//-2\n")
    assert mesh.normals is not None and mesh.notes == ()
    assert mesh.normals.tolist() == [[0, 0, 1], [0, 1, 0], [0, 0, 1], [0, 1, 0]]
    textured = TEXTURED + normals + "f 1/1/2 2/2/2 3/3/2\n"
    mesh = _mesh(tmp_path / "b.obj", textured)
    assert mesh.normals is not None and mesh.normals.tolist() == [[0, 1, 0]] * 3 + [[0, 0, 0]]
    edge = _mesh(tmp_path / "c.obj", SQUARE + normals + "f 1//1 2//1 3//1\nf 1//2 3//2 4//2\n")
    assert edge.normals is None and edge.notes == ("normals left out: 2 vertices with several",)
    some = _mesh(tmp_path / "d.obj", SQUARE + normals + "f 1//1 2//1 3//1\nf 1 3 4\n")
    assert some.normals is None and some.notes == ("normals left out: not every corner has one",)


def test_colours_of_materials(tmp_path: Path) -> None:
    (tmp_path / "two tone.mtl").write_text("newmtl red\nKd 1 0 0 # bright\nnewmtl grey\nKd 0.2 0.2 0.2\n")
    text = (
        "mtllib two tone.mtl\n" + SQUARE + "usemtl red\nf 1 2 3\nusemtl grey\nf 1 3 4\nusemtl red\nf 4 3 2\n"
    )
    mesh = _mesh(tmp_path / "a.obj", text)
    assert mesh.rgb is not None
    expected = [[255, 0, 0], [51, 51, 51], [255, 0, 0]]
    assert mesh.rgb[mesh.faces].tolist() == [[colour] * 3 for colour in expected]
    assert mesh.notes == ("3 vertices doubled where colours meet",)
    missing = _mesh(tmp_path / "b.obj", text.replace("two", "no"))
    assert missing.rgb is None
    assert missing.notes == ("colours left out: the materials in no tone.mtl are not there",)
    outside = _mesh(tmp_path / "c.obj", text.replace("two tone.mtl", f"../{tmp_path.name}/two tone.mtl"))
    assert outside.rgb is None


def test_colours_of_textures(tmp_path: Path) -> None:
    pixels = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]], np.uint8)
    Image.fromarray(pixels).save(tmp_path / "wood.png")
    material = "newmtl wood\nKd 1 1 1\nmap_Kd -clamp on wood.png\n"
    (tmp_path / "a.mtl").write_text(material)
    text = "mtllib a.mtl\nusemtl wood\n" + TEXTURED + "f 1/1 2/2 3/3\nf 1/1 3/3 4/4\n"
    mesh = _mesh(tmp_path / "a.obj", text)
    # The first row of a texture is its upper edge, where the coordinate v is 1.
    corners = {(0, 0): (7, 8, 9), (1, 0): (10, 11, 12), (1, 1): (4, 5, 6), (0, 1): (1, 2, 3)}
    assert mesh.rgb is not None and len(mesh.vertices) == 4
    for (x, y, _), rgb in zip(mesh.vertices.tolist(), mesh.rgb.tolist(), strict=True):
        assert tuple(rgb) == corners[x, y]
    (tmp_path / "wood.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    broken = _mesh(tmp_path / "b.obj", text)
    assert broken.rgb is not None and (broken.rgb == 255).all()
    assert len(broken.notes) == 1 and broken.notes[0].startswith("texture wood.png left out: ")
    (tmp_path / "wood.png").unlink()
    assert _mesh(tmp_path / "c.obj", text).notes == ("texture wood.png is not there",)


@pytest.mark.parametrize(
    ("options", "notes"),
    [
        ("", ()),
        ("-s 1 1 1 -o 0 0 0 -clamp on", ()),
        ("-blendu off -mm 0 1 -imfchan l", ()),
        ("-s\t1\t1\t1\t-clamp\ton", ()),
        ("-s 2 1.5 1", ("texture old wood 2.png is not scaled or shifted (-s 2 1.5 1)",)),
        ("-o 0.25", ("texture old wood 2.png is not scaled or shifted (-o 0.25)",)),
    ],
)
def test_texture_options_and_blanks_in_names(tmp_path: Path, options: str, notes: tuple[str, ...]) -> None:
    Image.fromarray(np.full((2, 2, 3), 7, np.uint8)).save(tmp_path / "old wood 2.png")
    (tmp_path / "a.mtl").write_text(f"newmtl\twood\n\tmap_Kd\t{options} old wood 2.png\n")
    text = "mtllib\ta.mtl\nusemtl\twood\n" + TEXTURED + "f 1/1 2/2 3/3\nf 1/1 3/3 4/4\n"
    mesh = _mesh(tmp_path / "a.obj", text)
    assert mesh.rgb is not None and (mesh.rgb == 7).all() and mesh.notes == notes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("v 0,0 0,5 1,0\nf 1 1 1\n", r"line 1 cannot be understood \('v 0,0 0,5 1,0'\).*not a comma"),
        (SQUARE + "v 1 2\nf 1 2 3\n", "line 5 cannot be understood"),
        (SQUARE + "f 1 2 3\nf /1 2 3\n", "line 6 cannot be understood"),
        (SQUARE + "f 1 2.5 3\n", "line 5 cannot be understood"),
        (SQUARE + "f 1/2/3/4 2 3\n", "cannot be understood"),
        (SQUARE + "f 1 2 x\n", "line 5 cannot be understood"),
    ],
)
def test_lines_that_cannot_be_understood_are_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        _mesh(tmp_path / "a.obj", text)


def test_elements_that_are_no_faces_are_counted_in_notes(tmp_path: Path) -> None:
    mesh = _mesh(tmp_path / "a.obj", SQUARE + "l 1 2\nl 2 3 4\np 1\nf 1 2\nf 1 2 3\n")
    assert mesh.notes == (
        "2 polylines left out",
        "1 point element left out",
        "1 face left out: fewer than three corners",
    )


def test_lines_with_unknown_keywords_are_counted_in_a_note(tmp_path: Path) -> None:
    known = "o a\ng\ng b c\ns off\ns 1\nvn 0 0 1\nvp 1 2\nmg 1 0.5\nlod 2\nf 1 2 3\n\n"
    assert _mesh(tmp_path / "a.obj", SQUARE + known).notes == ()
    mesh = _mesh(tmp_path / "b.obj", SQUARE + known + "f\xa01 3 4\ncurv 0 1 1 2\n")
    assert mesh.notes == (r"2 lines left out, the first of them beginning with 'f\xa01'",)


def test_a_coloured_mesh_is_read_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rgb = rng.integers(0, 256, (9, 3)).astype(np.uint8)
    vertices = rng.normal(size=(9, 3)).astype(np.float32)
    mesh = TriangleMesh(vertices, np.arange(9).reshape(3, 3), rgb=rgb, normals=vertices)
    files.write(mesh, tmp_path / "a.obj")
    back = files.read(tmp_path / "a.obj")
    assert isinstance(back, TriangleMesh) and np.array_equal(back.vertices, vertices)
    assert back.rgb is not None and np.array_equal(back.rgb, rgb) and np.array_equal(back.faces, mesh.faces)


def test_a_face_of_4096_corners_that_crosses_itself_is_read_quickly(tmp_path: Path) -> None:
    """Cutting one corner after another took two minutes."""
    rng = np.random.default_rng(0)
    lines = [f"v {x:.5f} {y:.5f} 0" for x, y in rng.random((4096, 2))]
    mesh = _mesh(tmp_path / "a.obj", "\n".join([*lines, "f " + " ".join(map(str, range(1, 4097)))]))
    assert 1000 < len(mesh.faces) <= 4094


def test_the_bundled_shapes_have_all_their_material_files() -> None:
    shapes = sorted((Path(__file__).parents[3] / "assets" / "shapes").glob("*.obj"))
    assert len(shapes) == 14
    assert not [note for shape in shapes for note in files.read(shape).notes if "not there" in note]


HORSE = asset("shapes", "horse.obj").read_text()


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (lambda vertices, faces: vertices[:93], "it has no faces"),
        (lambda vertices, faces: vertices + faces[: len(faces) // 3], "belong to no face"),
        (lambda vertices, faces: vertices[: len(vertices) // 2] + faces, "name vertices that are not there"),
    ],
)
def test_a_truncated_mesh_is_read_with_a_note(
    tmp_path: Path, keep: Callable[[list[str], list[str]], list[str]], said: str
) -> None:
    lines = HORSE.splitlines()
    kept = keep(*([line for line in lines if line.startswith(word)] for word in ("v ", "f ")))
    (tmp_path / "cut.obj").write_text("\n".join(kept) + "\n")
    shape = files.read(tmp_path / "cut.obj")
    [note] = [note for note in shape.notes if said in note]
    assert note.endswith("the file may have been cut short")
    whole = of_kind(TriangleMesh, files.read(asset("shapes", "horse.obj")))
    assert not any("cut short" in note for note in whole.notes)
    if isinstance(shape, TriangleMesh):
        assert 0 < len(shape.faces) < len(whole.faces)
        assert set(map(tuple, shape.faces.tolist())) < set(map(tuple, whole.faces.tolist()))
    else:
        assert len(shape) == 93


def test_the_normals_and_textures_of_a_face_left_out_are_dropped_too(tmp_path: Path) -> None:
    text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 1\nvn 1 0 0\nf 1//2 2//2 9//2\nf 1//1 2//1 3//1\n"
    (tmp_path / "one.obj").write_text(text)
    mesh = of_kind(TriangleMesh, files.read(tmp_path / "one.obj"))
    assert mesh.faces.tolist() == [[0, 1, 2]] and present(mesh.normals).tolist() == [[0, 0, 1]] * 3
    assert any(note.startswith("1 face left out") for note in mesh.notes)

"""OBJ and OFF files in the variants that occur in practice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud, TriangleMesh

CUBE = "".join(f"v {x} {y} {z}\n" for x in (0, 1) for y in (0, 1) for z in (0, 1))
SIDES = [(1, 2, 4, 3), (5, 7, 8, 6), (1, 5, 6, 2), (3, 4, 8, 7), (1, 3, 7, 5), (2, 6, 8, 4)]


def _area(mesh: PointCloud | TriangleMesh) -> float:
    assert isinstance(mesh, TriangleMesh)
    a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(np.float64) for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.mark.parametrize("corner", ["{}", "{}/1", "{}//1", "{}/1/1"])
@pytest.mark.parametrize("back", [False, True])
def test_corners_with_textures_normals_and_negative_numbers_are_read(
    tmp_path: Path, corner: str, back: bool
) -> None:
    lines = ["mtllib missing.mtl", "o cube", "vt 0 0", "vn 0 0 1", "usemtl red", "s off"]
    for side in SIDES:
        lines.append("f " + " ".join(corner.format(k - 9 if back else k) for k in side))
    (tmp_path / "a.obj").write_text("# a cube\r\n" + CUBE + "\n".join(lines) + "  # the end")
    assert _area(files.read(tmp_path / "a.obj")) == 6


def test_lines_continued_by_a_backslash_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text("v 0 0 \\\n 0\nv 1 0 0\nv 0 \\\n1 0\nf 1 2 \\\n3\n")
    assert _area(files.read(tmp_path / "a.obj")) == 0.5


def test_obj_without_faces_is_a_cloud_with_its_colours(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text("v 0 0 0 1 0 0\nv 1 2 3 0 0.5 1\n")
    cloud = files.read(tmp_path / "a.obj")
    assert isinstance(cloud, PointCloud) and cloud.rgb is not None
    assert cloud.rgb.tolist() == [[255, 0, 0], [0, 128, 255]]


def test_a_vertex_that_is_not_finite_is_dropped_with_its_faces(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text("v nan 0 0\n" + CUBE + "f 1 2 3\n" + "f 2 3 5 4\n")
    mesh = files.read(tmp_path / "a.obj")
    assert isinstance(mesh, TriangleMesh)
    assert mesh.dropped == 1 and len(mesh.vertices) == 8 and _area(mesh) == 1


OFF_BODY = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n"


@pytest.mark.parametrize(
    "text",
    [
        "OFF\n4 1 0\n" + OFF_BODY + "4 0 1 2 3\n",
        "OFF4 1 0\n" + OFF_BODY + "4 0 1 2 3\n",
        "OFF 4 1 0\n" + OFF_BODY + "4 0 1 2 3\n",
        "off\r\n4 1\r\n" + OFF_BODY + "4 0 1 2 3 255 0 0\n",
        "# made by hand\nOFF # with remarks\n\n4 1 0 # counts\n# corners\n" + OFF_BODY + "\n4 0 1 2 3\n\n",
        "COFF\n4 1 0\n" + OFF_BODY.replace("0\n", "0 255 0 0 255\n") + "4 0 1 2 3\n",
        "NOFF\n4 1 0\n" + OFF_BODY.replace("0\n", "0 0 0 1\n") + "4 0 1 2 3\n",
        "OFF\n4 2 0\n" + OFF_BODY + "3 0 1 2\n3 0 2 3\n",
    ],
)
def test_all_variants_of_off_are_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.off").write_text(text)
    mesh = files.read(tmp_path / "a.off")
    assert isinstance(mesh, TriangleMesh) and len(mesh.faces) == 2 and _area(mesh) == 1


def test_every_bundled_shape_is_read() -> None:
    shapes = sorted(asset("shapes").glob("*.obj"))
    assert shapes
    for path in shapes:
        assert _area(files.read(path)) > 0, path.name

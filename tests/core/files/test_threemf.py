"""3MF: objects are placed by the build; unknown required extensions are refused by name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import TriangleMesh
from tests.core.files.corpus import CUBE, threemf, whole_mesh
from tests.core.files.opened import mesh_of

PLACED = "1 0 0 0 2 0 0 0 1 10 20 30"


def test_items_and_components_are_placed_by_their_transforms(tmp_path: Path) -> None:
    pair = (
        '<object id="7"><components><component objectid="1"/>'
        f'<component objectid="1" transform="{PLACED}"/></components></object>'
    )
    build = '<item objectid="1"/><item objectid="7" transform="0 1 0 -1 0 0 0 0 1 0 0 0"/>'
    mesh = mesh_of(tmp_path / "a.3mf", threemf(whole_mesh(), build, pair))
    moved = CUBE * [1, 2, 1] + [10, 20, 30]
    turned = [np.column_stack([-part[:, 1], part[:, 0], part[:, 2]]) for part in (CUBE, moved)]
    assert np.array_equal(mesh.vertices, np.concatenate([CUBE, *turned])) and len(mesh.faces) == 36


def test_triangles_have_the_colours_of_their_materials(tmp_path: Path) -> None:
    palette = '<basematerials id="5"><base name="a" displaycolor="#FF8000FF"/></basematerials>'
    data = threemf(whole_mesh(), more=palette)
    with zipfile.ZipFile(tmp_path / "b.3mf", "w") as archive:
        (tmp_path / "a.zip").write_bytes(data)
        model = zipfile.ZipFile(tmp_path / "a.zip").read("3D/3dmodel.model").decode()
        archive.writestr("3D/3dmodel.model", model.replace("<triangle ", '<triangle pid="5" p1="0" '))
    mesh = files.read(tmp_path / "b.3mf")
    assert isinstance(mesh, TriangleMesh) and mesh.rgb is not None
    assert mesh.rgb.tolist() == [[255, 128, 0]] * 8
    assert mesh_of(tmp_path / "c.3mf", data).rgb is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (threemf(whole_mesh(), '<item objectid="9"/>'), "places the object 9, which does not exist"),
        (
            threemf(
                whole_mesh(),
                '<item objectid="2"/>',
                '<object id="2"><components><component objectid="2"/></components></object>',
            ),
            "contains itself",
        ),
        (threemf(whole_mesh(), ""), "names no object with triangles"),
        (
            threemf(whole_mesh(), head='xmlns:p="urn:production" requiredextensions="p"'),
            "requires the extension urn:production",
        ),
        (threemf(whole_mesh(), head="&"), "not well-formed XML"),
        (b"PK no zip", "not a zip archive"),
    ],
)
def test_invalid_3mf_files_are_refused(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        mesh_of(tmp_path / "a.3mf", data)

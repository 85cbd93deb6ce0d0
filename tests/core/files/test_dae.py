"""COLLADA: polygons are placed by the scene and keep their colours; notes name the parts left out."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import trimesh

from apsnet_core import files
from apsnet_core.cloud import TriangleMesh
from tests.core.files.collada_scene import ARROW, BESIDE, HERE, POLYGONS, VERTEX, collada, source
from tests.core.files.opened import area_of, mesh_of


def test_polygons_keep_their_area_where_the_scene_puts_them(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.dae", collada(HERE, POLYGONS))
    assert np.isclose(area_of(mesh), 4.5) and np.array_equal(mesh.vertices, ARROW + BESIDE)
    moved = (
        '<node id="b"><translate>0 0 5</translate><scale>2 2 2</scale><instance_geometry url="#g"/></node>'
    )
    mesh = mesh_of(tmp_path / "a.dae", collada(HERE + moved, POLYGONS))
    assert np.isclose(area_of(mesh), 4.5 + 4 * 4.5) and mesh.vertices[7:, 2].tolist() == [5.0] * 7


def test_colours_of_corners_and_of_materials(tmp_path: Path) -> None:
    paint = source("paint", [(1, 0, 0), (0, 0, 1)], "RGB")
    part = (
        f'<triangles count="2">{VERTEX}<input semantic="COLOR" source="#paint" offset="1"/>'
        "<p>0 0 1 0 2 0 4 1 5 1 6 1</p></triangles>"
    )
    mesh = mesh_of(tmp_path / "a.dae", collada(HERE, part, colours=paint))
    assert mesh.rgb is not None and mesh.rgb.tolist() == [[255, 0, 0]] * 3 + [[0, 0, 255]] * 3
    effect = (
        '<library_effects><effect id="e"><profile_COMMON><technique sid="t"><lambert><diffuse><color>0 1 0 1'
        "</color></diffuse></lambert></technique></profile_COMMON></effect></library_effects>"
        '<library_materials><material id="m"><instance_effect url="#e"/></material></library_materials>'
    )
    bound = (
        '<node id="a"><instance_geometry url="#g"><bind_material><technique_common><instance_material '
        'symbol="green" target="#m"/></technique_common></bind_material></instance_geometry></node>'
    )
    part = POLYGONS.replace("<polylist", '<polylist material="green"')
    mesh = mesh_of(tmp_path / "a.dae", collada(bound, part, effect))
    assert mesh.rgb is not None and (mesh.rgb == [0, 255, 0]).all()


def test_a_file_written_by_trimesh_is_read(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=1)
    ball.export(tmp_path / "a.dae")
    mesh = files.read(tmp_path / "a.dae")
    assert isinstance(mesh, TriangleMesh) and len(mesh.faces) == len(ball.faces)
    assert np.isclose(area_of(mesh), ball.area, rtol=1e-6)


def test_lines_and_missing_parts_left_out_are_noted(tmp_path: Path) -> None:
    lines = f'<lines count="1">{VERTEX}<p>0 1</p></lines>'
    assert mesh_of(tmp_path / "a.dae", collada(HERE, POLYGONS + lines)).notes == ("1 line left out",)
    gone = '<node id="b"><instance_geometry url="#nowhere"/></node>'
    (note,) = mesh_of(tmp_path / "a.dae", collada(HERE + gone, POLYGONS)).notes
    assert note.startswith("1 part left out or incomplete, the first: ") and "nowhere" in note


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (collada("", POLYGONS), "no geometry of polygons in its scene"),
        (collada(HERE, POLYGONS)[:-9], "cannot be understood as COLLADA"),
        (collada(HERE, POLYGONS.replace("5 6<", "5 77<")), "no geometry of polygons|cannot be understood"),
        ("PK\x03\x04 a zip", "is a zip archive; the .dae file in it is accepted"),
        ("<svg/>", "no COLLADA|no geometry"),
    ],
)
def test_invalid_collada_files_are_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(files.ReadError, match=why):
        mesh_of(tmp_path / "a.dae", text)


def test_without_its_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from apsnet_core.files import dae

    (tmp_path / "a.dae").write_text(collada(HERE, POLYGONS))
    monkeypatch.setitem(sys.modules, "collada", None)
    with pytest.raises(files.ReadError, match=r"pip install 'apsnet-studio\[dae\]'"):
        dae.read(tmp_path / "a.dae")

"""Documents and projects as values: what is saved comes back, what is damaged is refused in a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_gui.state import project_file as project
from apsnet_gui.state.document import Choice, Document, Entry, Loaded, Look
from apsnet_gui.state.document_json import ProjectError, from_json, real_path, to_json
from apsnet_gui.state.session import Session

CLOUD = PointCloud(np.eye(3, dtype=np.float32))
LOADED = Loaded.measured(CLOUD)


def document(*paths: str) -> Document:
    entries = tuple(
        Entry(f"id{i}", Path(p).stem, p, CLOUD, up="z", colour="#123456") for i, p in enumerate(paths)
    )
    choice = Choice(method="apsnet", variant="m", weights="mine", m=17, seed=5)
    return Document(entries, entries[-1].id, choice, Look(point_size=7, logarithmic=True))


def test_a_project_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    before = document(
        str(tmp_path / "scans" / "a.ply"), "/elsewhere/b.ply", str(asset("shapes", "chair.obj"))
    )
    values = json.loads(json.dumps(to_json(before, tmp_path)))
    assert [item["path"] for item in values["entries"]] == [
        "scans/a.ply",
        "/elsewhere/b.ply",
        "bundled:chair.obj",
    ]
    for item in values["entries"]:
        item["path"] = real_path(item["path"], tmp_path)
    assert from_json(values, {entry.id: LOADED for entry in before.entries}) == before


def test_what_ships_is_found_on_another_machine(tmp_path: Path) -> None:
    for file, written in (
        (asset("shapes", "chair.obj"), "bundled:chair.obj"),
        (asset("furniture", "furniture.npz"), "bundled:furniture/furniture.npz"),
    ):
        [item] = to_json(document(str(file)), tmp_path)["entries"]
        assert item["path"] == written
        assert real_path(written, tmp_path) == str(file)


def test_no_point_is_stored() -> None:
    assert "shape" not in to_json(document("/a.ply"))["entries"][0]


def test_shapes_that_could_not_be_read_are_left_out() -> None:
    before = document("/a.ply", "/b.ply")
    after = from_json(to_json(before), {"id0": LOADED})
    assert [entry.id for entry in after.entries] == ["id0"]
    assert after.current == "id0"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda values: [], "not an APSNet Studio project"),
        (lambda values: values | {"format": "other"}, "not an APSNet Studio project"),
        (lambda values: values | {"version": 99}, "newer version"),
        (lambda values: values | {"entries": [{"id": 3}]}, "list of shapes is damaged"),
        (lambda values: values | {"choice": None}, "settings are missing"),
        (lambda values: values | {"choice": {"m": "many"}}, "'many'"),
        (lambda values: values | {"look": {"sparkle": True}}, "'sparkle'"),
    ],
)
def test_a_damaged_project_is_refused_in_a_sentence(damage, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ProjectError, match=said):
        from_json(damage(to_json(document("/a.ply"))), {"id0": LOADED})


def test_a_file_that_is_no_project_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.apsnet"
    file.write_bytes(b"\x00\xff not json")
    with pytest.raises(ProjectError, match="not an APSNet Studio project"):
        project.load(file)


def test_saving_where_it_is_not_possible_leaves_the_old_file(tmp_path: Path) -> None:
    session = Session()
    session.change("x", document("/a.ply"))
    file = tmp_path / "p.apsnet"
    project.save(session, file)
    old = file.read_bytes()
    with pytest.raises(OSError, match=r".*"):
        project.save(session, file / "below.apsnet")
    assert file.read_bytes() == old


def test_closing_the_current_shape_makes_its_neighbour_current() -> None:
    three = replace(document("/a.ply", "/b.ply", "/c.ply"), current="id1")
    assert three.without("id1").current == "id2"
    assert replace(three, current="id2").without("id2").current == "id1"
    assert document("/a.ply").without("id0").current is None

"""Documents and projects: a saved one is restored exactly, a damaged one is refused in one sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.selection import Selection
from apsnet_gui.state import project_file as project
from apsnet_gui.state.document import Choice, Document, Look
from apsnet_gui.state.document_json import from_json, real_path, to_json
from apsnet_gui.state.open_shape import Loaded, OpenShape
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.session import Session
from tests.gui.methods import spec

CLOUD = PointCloud(np.eye(3, dtype=np.float32))
LOADED = Loaded.measured(CLOUD)


def document(*paths: str) -> Document:
    entries = tuple(
        OpenShape(f"id{i}", Path(p).stem, p, CLOUD, up="z", colour="#123456") for i, p in enumerate(paths)
    )
    choice = Choice(spec=spec("apsnet:m@mine"), m=17, seed=5)
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
        item["path"] = real_path(item, tmp_path)
    assert from_json(values, {entry.id: LOADED for entry in before.entries}) == before


def test_a_project_of_30_shapes_with_1200_cuts_each_is_restored(tmp_path: Path) -> None:
    noisy = Selection.of(np.random.default_rng(0).random(2_000_000) < 0.5)
    entry = replace(document("/a.ply").entries[0], kept=noisy, cuts=("Delete 1 point",) * 1_200)
    session = Session()
    entries = tuple(replace(entry, id=str(i), path="/a.ply") for i in range(30))
    session.replace_all(Document(entries, "0"), None, None)
    project.save(session, tmp_path / "p.apsnet")
    found = project.load(tmp_path / "p.apsnet")
    assert len(found.requests) == 30 and found.values["entries"][5]["cuts"] == list(entry.cuts)


def test_bundled_files_are_found_on_another_machine(tmp_path: Path) -> None:
    for file, written in (
        (asset("shapes", "chair.obj"), "bundled:chair.obj"),
        (asset("furniture", "furniture.npz"), "bundled:furniture/furniture.npz"),
    ):
        [item] = to_json(document(str(file)), tmp_path)["entries"]
        assert item["path"] == written
        assert real_path(item, tmp_path) == str(file)


def test_a_project_stores_no_points() -> None:
    assert "shape" not in to_json(document("/a.ply"))["entries"][0]


def test_an_unreadable_shape_is_listed_as_missing_and_saved_unchanged() -> None:
    before = document("/a.ply", "/b.ply", "/c.ply")
    values = json.loads(json.dumps(to_json(before)))
    after = from_json(values, {"id0": LOADED, "id2": LOADED}, {"id1": "the disk is gone"})
    assert [entry.id for entry in after.entries] == ["id0", "id2"]
    [missing] = after.missing
    assert (missing.name, missing.path, missing.at, missing.why) == ("b", "/b.ply", 1, "the disk is gone")
    assert json.loads(json.dumps(to_json(after))) == values
    assert to_json(after.without("id0"))["entries"][1]["id"] == "id1"
    assert after.with_found("id1", LOADED, "/b.ply") == before
    values["entries"][0]["visible"] = False
    instead = from_json(values, {"id0": LOADED}).active  # replaces the current shape, which is missing
    assert instead is not None and instead.id == "id0" and instead.visible


def test_a_path_relative_to_the_project_is_tried_first(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        (folder / "work").mkdir(parents=True)
        (folder / "a.ply").touch()
    [item] = to_json(document(str(old / "a.ply")), old / "work")["entries"]
    assert item["path"] == str(old / "a.ply")
    assert real_path(item, new / "work") == str(new / "a.ply")  # both files exist
    (new / "a.ply").unlink()
    assert real_path(item, new / "work") == str(old / "a.ply")


def changed(where: str, value: object) -> Callable[[dict[str, Any]], Any]:
    """A function that sets the value at a path like ``choice.m``."""

    def change(values: dict[str, Any]) -> Any:
        *way, last = where.split(".")
        inside: Any = values
        for key in way:
            inside = inside[int(key) if key.isdigit() else key]
        inside[last] = value
        return values

    return change


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda values: [], "not an APSNet Studio project"),
        (changed("format", "other"), "not an APSNet Studio project"),
        (changed("version", 99), "newer version"),
        (changed("entries", [{"id": 3}]), r"entries\.0\.id is 3: it should be a valid string"),
        (changed("entries", None), "entries is None"),
        (changed("choice", None), "choice is None"),
        (changed("choice.m", "many"), "'many': it should be a valid integer"),
        (changed("choice.m", -5), r"choice\.m is -5: it should be greater than or equal to 1"),
        (changed("choice.m", 10**9), r"choice\.m is 1000000000: it should be less than or equal to 1000000"),
        (changed("choice.surface", 10**9), r"choice\.surface is 1000000000: it should be less than"),
        (changed("choice.surface", 1e300), r"choice\.surface is 1e\+300: it should be a valid integer"),
        (changed("choice.spec", 7), r"choice\.spec is 7"),
        (changed("choice.task", ""), "one of classification, reconstruction, registration"),
        (changed("choice.spec", "w" * 10**6), r"choice\.spec is .{,80}: string should have at most"),
        (changed("look.sparkle", True), r"look\.sparkle"),
        (changed("look.sphere", 0), r"look\.sphere is 0"),
        (changed("look.heat_to", float("nan")), r"look\.heat_to is nan: it should be a finite number"),
        (changed("look.background", "pink"), "'pink': it is one of auto, dark, light"),
        (changed("lineup.sizes", [10**9]), r"lineup\.sizes\.0"),
        (changed("lineup.methods", []), r"lineup\.methods"),
        (changed("lineup.selected", 7), r"lineup\.selected is 7: it is from 0 to 3"),
        (changed("what_if.edits", [["a", {"m": 10**9}]]), r"what_if\.edits"),
        (changed("what_if.change", {"noise": -1.0}), r"what_if\.change is 1 values: noise must be 0 %"),
        (changed("entries.0.path", "/a\0.ply"), "character that no file name can have"),
        (changed("entries.0.up", "down"), "entries.0: up is one of x, -x, .* not 'down'"),
        (lambda values: values | {"entries": values["entries"] * 2}, "name one id twice"),
        (
            lambda values: (
                values | {"entries": [values["entries"][0] | {"id": str(i)} for i in range(10_001)]}
            ),
            "entries is 10001 values: list should have at most 10000",
        ),
    ],
)
def test_a_damaged_project_is_refused_in_a_sentence(
    tmp_path: Path, damage: Callable[[dict[str, Any]], Any], said: str
) -> None:
    values = damage(json.loads(json.dumps(to_json(document("/a.ply")))))
    with pytest.raises(ProjectError, match=said) as refused:
        from_json(values, {"id0": LOADED})
    assert len(str(refused.value)) < 250 and "\n" not in str(refused.value)
    file = tmp_path / "p.apsnet"
    file.write_text(json.dumps(values))
    with pytest.raises(ProjectError) as again:
        project.load(file)
    assert str(again.value) == str(refused.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: file.write_text("[" * 200_000 + "]" * 200_000), "nested too deeply"),
        (
            lambda file: file.write_bytes(b"") or os.truncate(file, 67 << 20),
            "67\u00a0MB, and a project at most 64",
        ),
        (lambda file: os.mkfifo(file), "not a regular file"),
        (lambda file: file.symlink_to("/dev/zero"), "not a regular file"),
        (lambda file: file.mkdir(), "not a regular file"),
        (lambda file: None, "No such file"),
    ],
)
def test_a_special_huge_or_missing_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    file = tmp_path / "p.apsnet"
    make(file)
    with pytest.raises(ProjectError, match=said):
        project.load(file)


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

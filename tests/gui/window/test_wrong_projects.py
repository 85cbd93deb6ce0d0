"""Each value of a project is replaced by wrong ones: if the check accepts it, it can be opened and drawn."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.editing.selection import Selection
from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn
from apsnet_core.evaluation.figures.camera import camera_of
from apsnet_gui.state import project_file as project
from apsnet_gui.state.document import Choice, Document, Lineup, Look, MethodAtSize
from apsnet_gui.state.document_json import check, from_json
from apsnet_gui.state.open_shape import Loaded, OpenShape
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.session import Session
from apsnet_gui.state.what_if import WhatIf
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.camera import from_json as camera_of_text
from apsnet_gui.viewport.camera import to_json as camera_text
from apsnet_gui.viewport.projection import project as projected
from apsnet_gui.views.document_scene import build
from tests.gui.methods import specs

Way = tuple[str | int, ...]
WRONG: tuple[object, ...] = (None, True, -1, 10**400, 1e300, "x", [], {"a": 1})

POINTS = np.random.default_rng(0).random((20, 3)).astype(np.float32)
CLOUD = PointCloud(POINTS, attributes={"f": np.arange(20.0)})
LOADED = Loaded.measured(CLOUD)
SEEN_FROM = Camera((0.1, 0.2, 0.3), 5.0, (0.5, 0.5, 0.5, 0.5), 40.0)


def saved(folder: Path) -> dict[str, Any]:
    """A project that sets every value."""
    some = Selection.of(np.arange(20) % 3 == 0)
    entry = OpenShape(
        "a", "a", "/a.ply", CLOUD, dataset="d", row=1, columns="x,y,z", kept=some, cuts=("Cut",), hidden=some,
        label="chair", colouring="field:f", scale=FieldScale(0.1, 0.9), world_size=0.5, up="z",
    )  # fmt: skip
    random, farthest = specs("random", "farthest_point")
    document = Document(
        (entry, replace(entry, id="b")),
        "a",
        Choice(farthest, net="n"),
        Look(),
        Lineup((random, farthest), sizes=(8, 16), apart=(random,), reference=MethodAtSize(random, 1)),
        WhatIf(
            Perturbation(1.0, 2.0, (1.0, 2.0, 3.0)),
            Turn((1.0, 2.0, 3.0)),
            "b",
            (("key", Edit(8, ((1, (0.0, 0.0, 0.0)),), (2,))),),
        ),
        "modelnet",
        "a",
    )
    session = Session()
    session.replace_all(document, None, SEEN_FROM)
    values: dict[str, Any] = json.loads(project.as_text(session, folder))
    return {**values, "step": 3}


def places(values: object, way: Way = ()) -> Iterator[Way]:
    """The path to each value, also to lists and objects."""
    if way:
        yield way
    inside = (
        values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    )
    for key, value in inside:
        yield from places(value, (*way, key))


def with_value(values: dict[str, Any], way: Way, value: object) -> dict[str, Any]:
    changed: Any = copy.deepcopy(values)
    *first, last = way
    inside = changed
    for key in first:
        inside = inside[key]
    inside[last] = value
    return dict(changed)


def refused(values: dict[str, Any]) -> str:
    """The error that the check finds in a project; empty if it accepts the project."""
    try:
        check(values)
    except ProjectError as why:
        return str(why)
    return ""


def opened(file: Path) -> str:
    """The error of opening and drawing a project; empty if both succeed."""
    try:
        found = project.load(file)
        document = from_json(found.values, dict.fromkeys(found.requests, LOADED))
    except ProjectError as why:
        return str(why)
    session = Session()
    session.replace_all(document, file, found.camera, found.step)
    build(document, None, 0, dark=True)
    assert not refused(json.loads(project.as_text(session, file.parent)))  # and it can be saved again
    return ""


def test_a_project_that_the_check_accepts_can_be_opened_drawn_and_saved(tmp_path: Path) -> None:
    whole, file = saved(tmp_path), tmp_path / "p.apsnet"
    assert not refused(whole)
    ways = list(places(whole))
    assert len(ways) > 130
    for way in ways:
        for value in WRONG:
            wrong = with_value(whole, way, value)
            file.write_text(json.dumps(wrong))
            said = refused(wrong)
            assert opened(file) == said, (way, value)
            assert len(said) < 250 and "\n" not in said


def test_a_project_whose_camera_is_null_opens_without_one(tmp_path: Path) -> None:
    file = tmp_path / "p.apsnet"
    file.write_text(json.dumps(saved(tmp_path) | {"camera": None}))
    assert opened(file) == "" and project.load(file).camera is None


@pytest.mark.parametrize("orthographic", [False, True])
def test_a_saved_camera_is_the_same_in_the_window_and_in_still_pictures(
    tmp_path: Path, orthographic: bool
) -> None:
    camera, file = replace(SEEN_FROM, orthographic=orthographic), tmp_path / "p.apsnet"
    values = saved(tmp_path) | {"camera": json.loads(camera_text(camera))}
    file.write_text(json.dumps(values))
    assert project.load(file).camera == camera == camera_of_text(camera_text(camera))
    still = camera_of(str(file), np.eye(3), np.zeros(3), 1.0)
    xyz = POINTS.astype(np.float64)
    first, last = still.framed(np.zeros(2), np.ones(2))
    share = (still.project(xyz)[0] - first) / (last - first)
    pixels, _ = projected(camera, xyz, (100, 100))
    np.testing.assert_allclose(share * [100, -100] + [0, 100], pixels, atol=1e-6)

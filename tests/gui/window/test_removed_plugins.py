"""A project that names rows of a removed plug-in opens without them, and keeps their names when saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core import plugins
from apsnet_core.cloud import PointCloud
from apsnet_core.methods import registry as methods
from apsnet_core.tasks import registry as tasks
from apsnet_gui.colourings import registry as colourings
from apsnet_gui.state.document import Choice, Document, Lineup
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.setting_aside import set_aside
from tests.gui.methods import place_of, spec, specs

from .conftest import CHAIR, OpenWindow

PLUGIN = """
from dataclasses import replace
import numpy as np
from apsnet_core import Method
from apsnet_core.tasks.classification import CLASSIFICATION
from apsnet_gui.colourings.colouring import Colouring, plain_colours

FIRST = Method(name="firsts", label="The first", choose=lambda points, m, seed: np.arange(m))
LAST = Method(name="lasts", label="The last", choose=lambda points, m, seed: len(points) - 1 - np.arange(m))
COOKING = replace(CLASSIFICATION, name="cooking", label="Cooking", architecture="kitchen")
SLICES = Colouring("slices", "&Slices", "Slices", plain_colours)
"""
CLOUD = PointCloud(np.zeros((3, 3), np.float32))  # a project keeps no points
FROM = "of the plug-in mine.py"


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The registered rows of a plug-in; `remove` unregisters them and empties the list."""
    file = tmp_path / "mine.py"
    file.write_text(PLUGIN)
    monkeypatch.setenv(plugins.FILES, "")
    plugins.add_file(file)
    there = [(methods, "firsts"), (methods, "lasts"), (tasks, "cooking"), (colourings, "slices")]
    for table, name in there:
        assert name in [row.name for row in getattr(table, table.__name__.split(".")[-2])()]
    yield there
    remove(there)


def remove(there: list[Any]) -> None:
    while there:
        table, name = there.pop()
        table.unregister(name)


def test_a_project_of_a_removed_plugin_opens_with_all_else_and_keeps_its_names(
    open_window: OpenWindow, tmp_path: Path, mine: list[Any]
) -> None:
    entry = OpenShape("a", "chair", CHAIR, CLOUD, colouring="slices")
    compared = Lineup(
        specs("random", "lasts#3", "voxel", "firsts"), 1, (8, 16), 1, True,
        apart=specs("firsts", "voxel"), reference=place_of("firsts", 1),
    )  # fmt: skip
    choice = Choice(spec("lasts#3"), m=16, task="cooking", net="stove")
    whole, file = to_json(Document((entry,), "a", choice, lineup=compared)), tmp_path / "p.apsnet"
    file.write_text(json.dumps(whole))
    whole = json.loads(file.read_text())
    remove(mine)

    window = open_window(str(file))
    [said] = [text for level, text in window.toasts.messages if level == "warning"]
    assert said == (
        f"p.apsnet: the method lasts {FROM}, the method firsts {FROM}, the task cooking {FROM} and the "
        f"colouring slices {FROM} are not here; they are left out, and stay in the project."
    )
    here = window.session.document
    assert [str(each) for each in here.lineup.methods] == ["random", "voxel"]
    assert here.choice.spec == spec("voxel") == here.lineup.place.method and here.choice.m == 16
    assert here.lineup.apart == specs("voxel") and here.lineup.reference is None
    assert here.choice.task == "classification" and here.entries[0].colouring == "auto"
    assert not window.session.modified

    window.actions_by_id["save"].trigger()
    saved = json.loads(file.read_text())
    assert sorted(saved["lineup"].pop("apart")) == sorted(whole["lineup"].pop("apart"))
    saved.pop("camera", None)
    assert saved == whole

    window.session.line_up("Other sizes", sizes=(4, 32))
    window.session.line_up("Swap a method", methods=specs("random", "apsnet"), selected=0)
    window.session.edit("a", "Colour", colouring="height")
    window.actions_by_id["save"].trigger()
    saved = json.loads(file.read_text())
    assert saved["lineup"]["methods"] == ["random", "lasts#3", "apsnet", "firsts"]
    assert saved["lineup"]["selected"] == 0 and saved["choice"]["spec"] == "random"
    assert saved["choice"]["task"] == "cooking" and saved["choice"]["net"] == "stove"
    assert saved["entries"][0]["colouring"] == "height"
    assert saved["plugins"] == whole["plugins"]


def test_a_comparison_of_only_removed_methods_is_kept_too(mine: list[Any]) -> None:
    """Unless the user chooses another method, saving writes the same methods as before."""
    values = json.loads(json.dumps(to_json(Document(lineup=Lineup(specs("lasts", "firsts"), 1)))))
    remove(mine)
    again = from_json(values, {})
    assert again.lineup.methods == specs("farthest_point") and again.lineup.selected == 0
    assert str(again.unknown) == (
        f"the method lasts {FROM} and the method firsts {FROM} are not here; they are left out, and stay in "
        "the project"
    )
    assert json.loads(json.dumps(to_json(again))) == values
    chosen = again.with_lineup(shown=True).with_choice(spec=spec("voxel"))
    saved = to_json(chosen)["lineup"]
    assert saved["methods"] == ["lasts", "firsts", "voxel"] and saved["selected"] == 2
    old = {"choice": {"spec": "apsnet:x"}, "lineup": {"methods": ["voxel"], "reference": ["gone#1", 0]}}
    known, unknown = set_aside(old)
    assert known["lineup"]["reference"] is None and known["choice"]["spec"] == "farthest_point"
    assert unknown.names == (("method gone", None), ("method apsnet:x", None))

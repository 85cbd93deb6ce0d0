"""A large cloud sampled part by part in the window: chosen in the panel, coloured, warned of, undone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from apsnet_core.methods.local import sample_parts
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.colourings.colouring import Subject
from apsnet_gui.colourings.registry import named
from apsnet_gui.panels.sampling import SamplingPanel
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.method_names import command
from apsnet_gui.state.open_shape import Loaded
from apsnet_gui.window.window import Window
from tests.core.methods.test_local import hills
from tests.gui.window.conftest import OpenWindow, settle
from tests.narrow import of_kind, present


def panel_of(window: Window) -> SamplingPanel:
    [panel] = window.findChildren(SamplingPanel)
    return of_kind(SamplingPanel, panel)


def test_the_panel_divides_a_cloud_and_the_parts_have_colours(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    write(hills(6000), tmp_path / "hills.ply")
    window = open_window(str(tmp_path / "hills.ply"))
    session, panel = window.session, panel_of(window)
    whole = present(session.result)
    assert whole.sampling.parts is None and not panel.by.isHidden()
    session.choose(m=200)
    panel.by.setCurrentIndex(panel.by.findData("tiles"))
    panel.by.activated.emit(panel.by.currentIndex())
    settle(qtbot, window)
    result, entry = present(session.result), present(session.document.active)
    parts = present(result.sampling.parts)
    there = sample_parts(result.cloud, 200, "farthest_point", by="tiles", up=entry.up, seed=0)
    np.testing.assert_array_equal(result.sampling.indices, there.sampling.indices)
    np.testing.assert_array_equal(parts, there.part)
    assert "--by tiles" in command(session.document.choice, entry, session.document.what_if.change)

    window.actions_by_id["colour-parts"].trigger()
    settle(qtbot, window)
    assert present(session.document.active).colouring == "parts"
    colours = named("parts").paint(Subject(result.cloud, (9, 9, 9), "z", True, parts=parts)).rgb
    assert len(np.unique(colours, axis=0)) == parts.max() + 1
    for part in range(parts.max() + 1):
        assert (colours[parts == part] == colours[parts == part][0]).all()
    loaded = Loaded(entry.shape, entry.extent, "z", entry.upright)
    assert from_json(to_json(session.document), {entry.id: loaded}).choice.by == "tiles"
    session.undo()
    session.undo()
    settle(qtbot, window)
    assert session.document.choice.by == "whole" and present(session.result).sampling.parts is None


def test_a_learned_method_is_warned_of_strange_parts(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    cloud = hills(3000)
    write(PointCloud(cloud.xyz, attributes={"intensity": cloud.xyz[:, 2]}), tmp_path / "hills.ply")
    window = open_window(str(tmp_path / "hills.ply"))
    panel = panel_of(window)
    panel.choose(spec=MethodSpec.parse("apsnet"), m=100, by="cells")
    settle(qtbot, window)
    assert "fields (intensity): apsnet:m keeps them" in panel.result.notes.text()
    panel.choose(spec=MethodSpec.parse("apsnet:m"))
    settle(qtbot, window)
    assert "fields" not in panel.result.notes.text()
    assert "unlike all" in panel.result.notes.text() and panel.result.notes.isVisibleTo(window)
    assert panel.size_box.value() == 100

"""A large cloud is sampled part by part: the division is chosen, coloured and undone; odd parts are noted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
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
from apsnet_gui.viewport.legend import class_at
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.window.window import Window
from tests.core.methods.test_local import hills
from tests.gui.methods import specs
from tests.gui.window.conftest import TIMEOUT, OpenWindow, settle
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


def test_parts_unlike_the_training_of_a_learned_method_get_a_note(
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

    window.commands.view.colour_by("parts")
    window.session.look(samples=False)
    settle(qtbot, window)
    sampling, view = present(window.session.result).sampling, window.view
    parts, checked = present(sampling.parts), present(sampling.checked)
    bar, entry = present(view.caption.bar), present(window.session.document.active)
    assert bar.classes[0].name == f"{len(checked.unlike)} parts unlike the training"
    layer = of_kind(PointLayer, view.scene.layers[0])
    red, _, blue = layer.colors.T.astype(int)
    assert (red > blue + 40)[np.isin(parts, checked.unlike)].all() and len(checked.unlike) > 2
    hiding, font, size = replace(bar, can_hide=True), view.font(), view.logical
    places = (QPointF(size[0] - 40, y) for y in range(size[1]))
    row = next(place for place in places if class_at(hiding, font, size, place) is not None)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=row.toPoint())
    assert present(window.session.document.active) == entry, "a click in the legend hides no part"
    place = project(view.camera, layer.xyz, view.logical)[0][1500].tolist()
    pick = present(view.pick(QPointF(*place)))
    told = present(view.describe)(pick, view.scene).split("\n")
    assert told[1:3] == [f"part {parts[pick.index]}", checked.of_part(int(parts[pick.index]))]


def running(window: Window, title: str) -> bool:
    return any(job.title.startswith(title) for job in window.background.jobs)


@pytest.mark.parametrize("compared", [False, True])
def test_a_cancelled_sampling_by_parts_leaves_nothing_stale(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, compared: bool
) -> None:
    write(hills(6000), tmp_path / "hills.ply")
    window = open_window(str(tmp_path / "hills.ply"))
    session = window.session
    if compared:
        session.line_up("Compare", methods=specs("random", "farthest_point"), shown=True)
        settle(qtbot, window)
    panel_of(window).choose(by="tiles", m=300)
    qtbot.waitUntil(lambda: running(window, "Comparing on" if compared else "Sampling"), timeout=TIMEOUT)
    window.background.cancel_all()
    settle(qtbot, window)
    assert session.result is None and "cancelled" in window.messages.all[-1].text
    assert not compared or not window.results.parts
    window.actions_by_id["sample"].trigger()
    settle(qtbot, window)
    assert present(present(session.result).sampling.parts).max() > 8
    assert not compared or len(window.results.parts) == 2
    panel_of(window).choose(by="cells")
    assert session.undo_text == "Change division"

"""The point size of one cloud: chosen in the Clouds panel, undone, and kept in the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_gui.state.document_json import to_json
from apsnet_gui.viewport.scene import PointLayer
from tests.narrow import of_kind, present

from .conftest import OpenWindow, settle


def test_a_cloud_has_a_point_size_of_its_own(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    for name in ("a", "b"):
        xyz = np.random.default_rng(len(name)).random((60, 3))
        files.write(PointCloud.from_array(xyz), tmp_path / f"{name}.ply")
    window = open_window(str(tmp_path / "a.ply"), str(tmp_path / "b.ply"))
    session, slider = window.session, window.clouds.facts.own_size
    session.show([each.id for each in session.document.entries], True)
    first, second = session.document.entries

    def sizes() -> list[float | None]:
        settle(qtbot, window)
        found = {layer.key: layer for layer in window.view.scene.layers}
        return [of_kind(PointLayer, found[each.id]).point_size for each in (first, second)]

    assert sizes() == [None, None]
    session.select(second.id)
    slider.setValue(9)
    assert sizes() == [None, 9.0]
    session.select(first.id)
    assert slider.value() == 0, "the slider is of the current cloud"
    kept = to_json(session.document, tmp_path)
    assert [entry["point_size"] for entry in kept["entries"]] == [0, 9]
    session.undo()
    session.undo()
    assert sizes() == [None, None] and present(session.document.entry(second.id)).point_size == 0

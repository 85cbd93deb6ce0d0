"""Points are hidden from the views by a key: they are neither drawn nor picked nor selected, but sampled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_core.files import write
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.types import Float32, Mask
from apsnet_gui.jobs.cutting import part
from apsnet_gui.panels.shape_facts import remarks
from apsnet_gui.state import project_file as project
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.viewport.scene import PointLayer, Scene
from apsnet_gui.widgets.form_rows import counted
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import OpenWindow, settle
from tests.gui.window.test_selecting import active, chosen, cloud_of, drag, trigger
from tests.narrow import present

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> Window:
    """Two parallel walls, one in front of the other in the view."""
    across = np.linspace(-1, 1, 50)
    walls = [np.stack([*map(np.ravel, np.meshgrid(across, across)), np.full(50**2, z)]).T for z in (0, 1)]
    write(PointCloud(np.concatenate(walls).astype(np.float32)), tmp_path / "walls.ply")
    window = open_window(str(tmp_path / "walls.ply"))
    window.session.look(samples=False, depth=0)
    window.session.stand(active(window).id, "z")
    settle(qtbot, window)
    window.view.look_from("top")
    settle(qtbot, window)
    return window


def layer_in(scene: Scene, key: str) -> PointLayer:
    [layer] = [layer for layer in scene.layers if isinstance(layer, PointLayer) and layer.key == key]
    return layer


def drawn(window: Window) -> Float32:
    return layer_in(window.view.scene, active(window).id).xyz


def hide(qtbot: QtBot, window: Window, mask: Mask) -> None:
    """Press H with these points selected."""
    window.session.selected.choose(active(window).id, mask)
    before = active(window).hidden
    QTest.keyClick(window.view, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: active(window).hidden != before)
    settle(qtbot, window)


def test_hidden_points_are_not_seen_picked_or_selected_but_sampled(qtbot: QtBot, window: Window) -> None:
    session, view, cloud = window.session, window.view, cloud_of(window)
    upper = cloud.xyz[:, 2] == 1
    middle = QPointF(view.width() / 2, view.height() / 2)
    assert present(view.pick(middle)).xyz[2] == 1
    result = present(session.result)
    hide(qtbot, window, upper)
    np.testing.assert_array_equal(drawn(window), cloud.xyz[~upper])
    assert session.undo_text == "Hide points" and not chosen(qtbot, window).any()
    assert counted(2500, "point") in window.messages.all[-1].text
    assert "still sampled" in window.messages.all[-1].text
    assert session.result is result and len(result.cloud) == len(cloud), "hiding does not resample"
    pick = present(view.pick(middle))
    assert pick.xyz[2] == 0 and not upper[pick.index], "the point behind must be picked"

    trigger(window, "select-all")
    np.testing.assert_array_equal(chosen(qtbot, window), ~upper)
    trigger(window, "select-none")
    trigger(window, "select-box")
    drag(view, [(1, 1), (view.width() - 2, view.height() - 2)])
    assert chosen(qtbot, window).any() and not chosen(qtbot, window)[upper].any()

    left = ~upper & (cloud.xyz[:, 0] < 0)
    hide(qtbot, window, left)
    np.testing.assert_array_equal(drawn(window), cloud.xyz[~upper & ~left])
    session.undo()
    settle(qtbot, window)
    np.testing.assert_array_equal(drawn(window), cloud.xyz[~upper])
    QTest.keyClick(view, Qt.Key.Key_H, SHIFT)
    settle(qtbot, window)
    assert len(drawn(window)) == len(cloud) and not window.actions_by_id["show-hidden"].isEnabled()
    session.undo()
    settle(qtbot, window)
    np.testing.assert_array_equal(drawn(window), cloud.xyz[~upper])


def test_projects_parts_what_ifs_and_other_views_keep_points_hidden(
    qtbot: QtBot, window: Window, open_window: OpenWindow, tmp_path: Path
) -> None:
    session, cloud = window.session, cloud_of(window)
    upper = cloud.xyz[:, 2] == 1
    hide(qtbot, window, upper)
    half = np.flatnonzero(cloud.xyz[:, 0] > 0)
    np.testing.assert_array_equal(part(active(window), half, "half", "cut").hidden_mask, upper[half])
    assert part(active(window), np.flatnonzero(~upper), "lower", "cut").hidden is None

    saved = tmp_path / "p.apsnet"
    project.save(session, saved)
    again = open_window(str(saved))
    np.testing.assert_array_equal(drawn(again), cloud.xyz[~upper])
    assert not again.session.modified
    other = replace(active(window), shape=PointCloud(np.zeros((9, 3), np.float32)), extent=(1.0, 1.0, 1.0))
    assert other.hidden_mask is None
    assert f"the file had {counted(len(cloud), 'point')} when" in " ".join(remarks(other))
    text = saved.read_text()
    packed = present(active(window).hidden).packed
    saved.write_text(text.replace(packed[:-3], ""))
    with pytest.raises(ProjectError, match="damaged"):
        project.load(saved)

    session.change_what_if("Change the cloud", change=Perturbation(0, 50, (0, 0, 0)))
    settle(qtbot, window)
    assert 500 < len(drawn(window)) < 2500 and not drawn(window)[:, 2].any()
    session.undo()
    cheap = MethodSpec.of("random"), MethodSpec.of("voxel")
    session.line_up("Compare methods", shown=True, layout="moved", methods=cheap)
    settle(qtbot, window)
    scene = window.central.view.scene
    np.testing.assert_array_equal(layer_in(scene, "cloud").xyz, cloud.xyz[~upper])

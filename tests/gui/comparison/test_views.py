"""The views of a comparison: linked cameras or own ones, and the same colours in all views."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from apsnet_core.methods.attention import heatmap
from apsnet_gui.comparison import cameras
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.camera import Camera, fit_scene, orbit
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import PointLayer, Scene
from tests.gui.methods import specs
from tests.gui.pictures import pixels
from tests.gui.window.conftest import CHAIR, OpenWindow, settle

from .conftest import Compare


def test_linked_cameras_show_the_same_cloud_to_the_pixel(
    qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[tuple[Camera, Scene, tuple[int, int]]] = []

    def fit(camera: Camera, scene: Scene, size: tuple[int, int]) -> Camera:
        fitted.append((camera, scene, size))
        return fit_scene(camera, scene, size)

    monkeypatch.setattr(cameras, "fit_scene", fit)
    window = compare("table", "random,farthest_point,voxel,apsnet")
    window.session.line_up("Leave", shown=False)
    settle(qtbot, window)
    fitted.clear()
    window.session.line_up("Compare", shown=True)
    settle(qtbot, window)
    asked = [repr((camera, scene.up, size)) for camera, scene, size in fitted]
    assert len({*asked}) == len(asked), "fitting a large cloud is slow: only once for all views"
    window.session.look(samples=False, ghost=False)
    settle(qtbot, window)
    first, *others = (cell.view for cell in window.grid.ordered)
    before = first.camera
    first.move_camera(orbit(first.camera, 0.7, 0.2, "y"))
    settle(qtbot, window)
    assert first.camera != before
    frames = [cell.view.frame for cell in window.grid.ordered]
    pictures = [pixels(frame.image) for frame in frames if frame is not None]
    assert len(pictures) == 4 and pictures[0].std() > 1
    for other, picture in zip(others, pictures[1:], strict=True):
        assert other.camera == first.camera
        assert picture.shape == pictures[0].shape
        np.testing.assert_array_equal(picture, pictures[0])

    window.session.line_up("Unlink", linked=False)
    others[0].move_camera(orbit(first.camera, 0.5, 0.0, "y"))
    assert others[0].camera != first.camera and others[1].camera == first.camera
    window.session.line_up("Link", linked=True)
    assert others[0].camera == others[1].camera == window.grid.ordered[0].view.camera

    window.session.line_up("Unlink", linked=False)
    first.move_camera(orbit(first.camera, 0.3, 0.0, "y"))  # the selected view's camera is also the session's
    assert first.camera != others[0].camera == others[1].camera
    window.session.line_up("Link", linked=True)

    alone = window.grid.ordered[1]
    menu = alone.header.name.menu()
    menu.aboutToShow.emit()
    [own] = [item for item in menu.actions() if item.text() == "Camera of its own"]
    assert own.isCheckable() and not own.isChecked()
    own.trigger()
    before = alone.view.camera
    first.move_camera(orbit(first.camera, 0.5, 0.1, "y"))
    assert alone.view.camera == before != first.camera == others[1].camera
    alone.view.move_camera(orbit(before, 0.2, 0.0, "y"))
    assert alone.view.camera != before and first.camera == others[1].camera == window.session.camera
    window.resize(window.width() - 40, window.height())  # the camera stays its own
    assert alone.view.camera != first.camera
    window.session.undo()
    assert alone.view.camera == first.camera


def test_attention_has_the_same_colours_in_all_views(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "apsnet,random,apsnet_kd", m=8)
    active = window.session.document.active
    assert active is not None
    window.session.edit(active.id, "Colour", colouring="attention", as_mesh=False)
    settle(qtbot, window)
    own = [cell for cell in window.grid.ordered if cell.place.method.name != "random"]
    results = [cell.part.result for cell in own if cell.part is not None and cell.part.result is not None]
    values = [heatmap(result.sampling, result.cloud, 8) for result in results]
    highest = [float(each.max()) for each in values]
    assert highest[0] != highest[1]
    for cell, each in zip(own, values, strict=True):
        bar = cell.view.caption.bar
        assert bar is not None and bar.low == 0 and bar.high == pytest.approx(max(highest))
        [layer] = [layer for layer in cell.view.scene.layers if isinstance(layer, PointLayer)]
        expected = colormap.apply(each, bar.low, bar.high, bar.log, window.theme.dark)
        np.testing.assert_array_equal(layer.colors, expected)


def test_a_shape_fitted_to_one_view_is_wholly_visible_in_narrower_views(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    window.view.fit()
    window.view.move_camera(orbit(window.view.camera, 0.01, 0.0, "y"))
    turn = np.linspace(0, 2 * np.pi, 500, dtype=np.float32)
    xyz = np.stack([5 * np.cos(turn), 0 * turn, 5 * np.sin(turn)], axis=1)  # twice as wide as high
    write(PointCloud(xyz), tmp_path / "disc.ply")
    window.opening.open_paths([str(tmp_path / "disc.ply")])
    settle(qtbot, window)
    wide = window.view.width() / window.view.height()
    window.session.line_up("Compare", shown=True, methods=specs("random", "voxel"))
    settle(qtbot, window)
    for cell in window.grid.ordered:
        assert cell.view.width() / cell.view.height() < 0.85 * wide
        places, _ = project(cell.view.camera, xyz, cell.view.logical)
        assert (places > 0).all() and (places < cell.view.logical).all()

"""A mesh opens as its surface, with the samples and the attention on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from scipy.spatial import cKDTree

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.state import project_file as project
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.projection import at_depth
from apsnet_gui.viewport.projection import project as projected
from apsnet_gui.viewport.scene import MeshLayer, PointLayer, Scene, SphereLayer
from apsnet_gui.views import surface
from apsnet_gui.views.document_scene import heat
from apsnet_gui.window.window import Window
from tests.narrow import of_kind, present

from .conftest import CHAIR, OpenWindow, seen_in, settle


def kinds(scene: Scene) -> list[type]:
    """The types of the layers of the shapes, without the samples."""
    return [type(layer) for layer in scene.layers if not isinstance(layer, SphereLayer)]


def shape_layer(window: Window) -> MeshLayer:
    return of_kind(MeshLayer, window.view.scene.layers[0])


def test_a_mesh_opens_as_a_surface_and_one_click_shows_points(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    facts = window.clouds.facts
    assert kinds(window.view.scene) == [MeshLayer] and facts.as_mesh.isChecked()
    for each in ("select-box", "crop", "selection-delete"):
        action = window.actions_by_id[each]
        assert not action.isEnabled()
        assert "is a mesh" in action.whatsThis() and "is a mesh" in action.toolTip()
    assert seen_in(window) == 1  # samples behind the faded surface are seen too
    facts.as_mesh.click()
    settle(qtbot, window)
    assert kinds(window.view.scene) == [PointLayer]
    file = tmp_path / "points.apsnet"
    project.save(window.session, file)
    window.session.saved_as(file)
    again = open_window()
    again.opening.open_project(file)
    settle(qtbot, again)
    assert kinds(again.view.scene) == [PointLayer] and not again.clouds.facts.as_mesh.isChecked()
    window.actions_by_id["undo"].trigger()
    settle(qtbot, window)
    assert kinds(window.view.scene) == [MeshLayer]
    window.actions_by_id["redo"].trigger()
    window.session.line_up("Compare", shown=True, methods=tuple(map(MethodSpec.of, ("random", "apsnet"))))
    settle(qtbot, window)
    cells = window.grid.cells.values()
    assert [kinds(cell.view.scene) for cell in cells] == [[PointLayer]] * 2
    facts.as_mesh.click()
    settle(qtbot, window)
    assert [kinds(cell.view.scene) for cell in cells] == [[MeshLayer]] * 2


def test_attention_is_interpolated_onto_the_surface(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    plain = shape_layer(window)
    window.session.choose(spec=MethodSpec.of("apsnet"), m=8)
    settle(qtbot, window)
    layer, result = shape_layer(window), present(window.session.result)
    assert window.attention.colour.isChecked()
    assert layer.vertices is plain.vertices and layer.faces is plain.faces  # only colours are sent
    values = heat(result, 8).astype(np.float64)
    distance, near = cKDTree(result.cloud.xyz.astype(float)).query(layer.vertices.astype(float), k=3)
    weight = 1 / np.maximum(distance, 1e-9) ** 2
    expected = (values[near] * weight).sum(1) / weight.sum(1)
    shown = layer.colors.astype(int)
    wanted = colormap.apply(expected, 0, values.max(), dark=True).astype(int)
    assert np.abs(shown - wanted).max() <= 8  # a step of the table, where rounding differs
    bar = present(window.view.caption.bar)
    assert bar.low == 0 and bar.high == pytest.approx(values.max())
    hottest = layer.vertices[expected.argmax()]
    extent = np.ptp(result.cloud.xyz, axis=0).max()
    assert np.linalg.norm(hottest - result.cloud.xyz[values.argmax()]) < 0.1 * extent
    window.session.set_step(3)
    settle(qtbot, window)
    assert shape_layer(window).vertices is plain.vertices
    assert not np.array_equal(shape_layer(window).colors, layer.colors)


def test_a_click_adds_a_sample_on_the_surface(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    layer = shape_layer(window)
    size = window.view.logical
    middles = layer.vertices[layer.faces].mean(axis=1)
    places, depth = projected(window.view.camera, middles, size)
    at = places[depth.argmin()].round()  # the middle of the frontmost triangle
    qtbot.mouseClick(
        window.view,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier,
        QPoint(*at.astype(int).tolist()),
    )
    settle(qtbot, window)
    result = present(window.session.result)
    assert result.sampling.m == 33
    camera, pixel = window.view.camera, (float(at[0]), float(at[1]))
    eye, beyond = (np.array(at_depth(camera, pixel, d, size)) for d in (depth.min() / 2, depth.max()))
    hit = first_hit(eye, beyond - eye, layer.vertices[layer.faces].astype(np.float64))
    row = cKDTree(result.cloud.xyz).query(hit)[1]  # the nearest point sampled from the surface
    np.testing.assert_array_equal(result.sampling.points[-1], result.cloud.xyz[row])
    assert present(result.sampling.indices)[-1] == row


def first_hit(eye: np.ndarray, ray: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The oracle: the first hit of a ray and triangles (k, 3, 3), by a system of three equations for each."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    sides = np.stack([b - a, c - a, np.broadcast_to(-ray, a.shape)], axis=2)
    met = np.abs(np.linalg.det(sides)) > 1e-12
    u, v, t = np.linalg.solve(sides[met], (eye - a[met])[:, :, None])[:, :, 0].T
    inside = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
    found: np.ndarray = eye + t[inside].min() * ray
    return found


def test_a_huge_mesh_opens_as_points(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsnet_gui.state.open_shape.AS_MESH", 5000)
    window = open_window(CHAIR)
    assert kinds(window.view.scene) == [PointLayer]
    window.actions_by_id["mesh"].trigger()
    settle(qtbot, window)
    assert len(shape_layer(window).faces) <= surface.MOST_TRIANGLES

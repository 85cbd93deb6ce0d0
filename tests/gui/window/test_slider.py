"""Each view is drawn exactly once for each step of the slider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.scene import Scene, SphereLayer
from apsnet_gui.viewport.widget import ViewWidget

from .conftest import CHAIR, OpenWindow, settle

Drawn = list[tuple[ViewWidget, Scene]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The scenes that views receive from now on."""
    given: Drawn = []
    set_scene = ViewWidget.set_scene

    def noted(view: ViewWidget, scene: Scene) -> None:
        given.append((view, scene))
        set_scene(view, scene)

    monkeypatch.setattr(ViewWidget, "set_scene", noted)
    return given


@pytest.mark.parametrize("method", ["farthest_point", "apsnet"])
def test_a_step_of_the_slider_draws_one_scene(
    qtbot: QtBot, open_window: OpenWindow, drawn: Drawn, method: str
) -> None:
    window = open_window(CHAIR)
    window.sampling.method.setCurrentIndex(window.sampling.method.findData(method))
    window.sampling.method.activated.emit(window.sampling.method.currentIndex())
    settle(qtbot, window)
    drawn.clear()
    qtbot.keyClick(window.sampling.slider, Qt.Key.Key_Right)
    settle(qtbot, window)
    [(view, scene)] = drawn
    assert view is window.view and view.scene is scene
    samples = [layer for layer in scene.layers if isinstance(layer, SphereLayer)]
    assert sum(len(layer.centers) for layer in samples) == window.session.document.choice.m == 33


def test_a_step_of_the_slider_draws_each_compared_view_once(
    qtbot: QtBot, open_window: OpenWindow, drawn: Drawn
) -> None:
    window = open_window(CHAIR)
    window.session.line_up("Compare methods", shown=True)
    settle(qtbot, window)
    drawn.clear()
    qtbot.keyClick(window.sampling.slider, Qt.Key.Key_Right)
    settle(qtbot, window)
    cells = window.grid.ordered
    assert len(cells) > 1
    changed = [cell.view for cell in cells if cell.part is not None and cell.part.result is not None]
    assert sorted(map(id, changed)) == sorted(id(view) for view, _ in drawn)

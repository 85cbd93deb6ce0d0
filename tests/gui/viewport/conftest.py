"""Views on the real renderer, and their pictures as arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import Scene
from apsnet_gui.viewport.widget import ViewWidget

Pixels = npt.NDArray[np.uint8]
OpenView = Callable[..., ViewWidget]


def pixels(image: object) -> Pixels:
    """(h, w, 3) uint8 of a QImage."""
    rgba = image.convertToFormat(image.Format.Format_RGBA8888)  # type: ignore[attr-defined]
    data = np.frombuffer(rgba.constBits(), np.uint8).reshape(rgba.height(), rgba.width(), 4)
    return data[..., :3].copy()


def picture(qtbot: QtBot, view: ViewWidget) -> Pixels:
    """What the renderer drew, once it is the whole picture of the current scene and camera."""
    qtbot.waitUntil(lambda: view.is_settled, timeout=20000)
    assert view.frame is not None
    return pixels(view.frame.image)


@pytest.fixture
def open_view(qtbot: QtBot, renderer: RenderClient) -> OpenView:
    """``open_view(scene, size=(320, 240), client=renderer)``: a shown view."""

    def make(scene: Scene, size: tuple[int, int] = (320, 240), client: RenderClient = renderer) -> ViewWidget:
        view = ViewWidget(client)
        qtbot.addWidget(view)
        view.resize(*size)
        view.set_scene(scene)
        view.show()
        return view

    return make

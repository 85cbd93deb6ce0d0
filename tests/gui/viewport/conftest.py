"""Views with the real renderer, and their pictures as arrays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import Scene
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.pictures import Pixels, pixels

OpenView = Callable[..., ViewWidget]


def picture(qtbot: QtBot, view: ViewWidget) -> Pixels:
    """The pixels of the complete picture of the current scene and camera, once it is drawn."""
    qtbot.waitUntil(lambda: view.is_settled)
    assert view.frame is not None
    return pixels(view.frame.image)


class ScaledView(ViewWidget):
    """A view with the pixel ratio ``ratio`` on any screen, so that its pictures can be compared."""

    ratio = 1.0

    def devicePixelRatioF(self) -> float:
        return self.ratio

    def grab(self, rectangle: QRect | None = None) -> QPixmap:
        image = QImage(self.size() * self.ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.ratio)
        self.render(image)
        return QPixmap.fromImage(image)


@pytest.fixture
def open_view(qtbot: QtBot, renderer: RenderClient) -> OpenView:
    """``open_view(scene, size=(320, 240), client=renderer, ratio=1.0)``: a shown view."""

    def make(
        scene: Scene,
        size: tuple[int, int] = (320, 240),
        client: RenderClient = renderer,
        ratio: float = 1.0,
    ) -> ViewWidget:
        view = ScaledView(client)
        view.ratio = ratio
        qtbot.addWidget(view)
        view.resize(*size)
        view.set_scene(scene)
        view.show()
        return view

    return make

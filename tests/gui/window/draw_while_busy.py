"""A program that test_busy_window starts: it draws rings with the mouse while its window is busy."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QPoint, Qt
from PySide6.QtWidgets import QApplication

from apsnet_core.cloud import PointCloud
from apsnet_core.types import Array
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.selecting import Selecting
from apsnet_gui.state.open_shape import Loaded, new_entry
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import PointLayer, Scene
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.select_tool import SelectTool
from tests.gui.window.x_mouse import MOVE, PRESS, RELEASE, XMouse
from tests.narrow import present

N = 80


def main() -> None:
    """Draw a ring with lasso and brush; print each point's pixel, the ring and each tool's selection."""
    app = QApplication([])
    client, background, session = RenderClient(), Background(), Session()
    hand, view = Hand(session), ViewWidget(client)
    tool = SelectTool(hand, Selecting(session, background))
    across = np.linspace(-1, 1, N)
    grid = np.stack([*map(np.ravel, np.meshgrid(across, across)), np.zeros(N**2)], axis=1)
    cloud = PointCloud(grid.astype(np.float32))
    entry = new_entry(Loaded.measured(cloud), "grid.ply")
    session.add([entry])
    hand.listen(view)
    view.resize(400, 400)
    view.set_scene(Scene((PointLayer(entry.id, cloud.xyz, np.zeros((N**2, 3), np.uint8)),), up="z"))
    view.look_from("top")
    view.show()
    wait(app, lambda: view.windowHandle().isExposed())
    angles = np.linspace(0, 2 * np.pi, 60)
    ring = np.rint(200 + 120 * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(int)
    skips, found = [skips_moves()], {}
    for shape in ("lasso", "brush"):
        tool.draw(shape)
        draw(view, ring)
        wait(app, lambda: session.selected.of(entry.id) is not None)
        found[shape] = present(session.selected.of(entry.id)).tolist()
        session.selected.choose(entry.id, None)
    hand.take(None)
    skips.append(skips_moves())
    pixels = project(view.camera, cloud.xyz, view.logical)[0].tolist()
    told = {"found": found, "pixels": pixels, "ring": ring.tolist(), "radius": tool.radius, "skips": skips}
    print(json.dumps(told))
    background.close()
    client.shutdown()


def draw(view: ViewWidget, path: Array) -> None:
    """Drag the left button along pixels (k, 2); the busy window receives all events afterwards."""
    mouse = XMouse(os.environ["DISPLAY"])
    places = [view.mapToGlobal(QPoint(x, y)).toTuple() for x, y in path.tolist()]
    mouse.fake(MOVE, at=places[0])
    mouse.fake(PRESS, 1)
    for place in places:
        mouse.fake(MOVE, at=place)
    mouse.fake(RELEASE, 1)
    mouse.wait()


def skips_moves() -> bool:
    """Whether Qt drops mouse moves that it has no time to deliver."""
    return QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents)


def wait(app: QApplication, done: Callable[[], bool]) -> None:
    """Process events until ``done()`` is true; fail after 100 s."""
    until = QDeadlineTimer(100_000)
    while not done():
        assert not until.hasExpired()
        app.processEvents()


if __name__ == "__main__":
    main()

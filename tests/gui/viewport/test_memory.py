"""The memory of window and renderer does not grow over long use."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import numpy as np
import psutil
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from apsnet_gui.viewport.camera import orbit
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import PointLayer, Scene, SphereLayer
from apsnet_gui.viewport.widget import ViewWidget
from tests.gui.viewport.conftest import OpenView, picture

RNG = np.random.default_rng(0)


def scene(n: int) -> Scene:
    xyz = RNG.normal(size=(n, 3)).astype(np.float32)
    colors = RNG.integers(0, 256, (n, 3), dtype=np.uint8)
    return Scene((PointLayer("p", xyz, colors), SphereLayer("s", xyz[:32], colors[:32], 0.05)))


def memory(renderer: RenderClient) -> tuple[float, float]:
    """(this process, the renderer) in MiB."""
    assert renderer.process_id is not None
    here, there = (psutil.Process(pid).memory_info().rss / 2**20 for pid in (None, renderer.process_id))
    return here, there


def test_memory_stays_flat_over_many_moves_and_opened_and_closed_scenes(
    qtbot: QtBot, open_view: OpenView, renderer: RenderClient
) -> None:
    view = open_view(scene(2000), (160, 120))
    picture(qtbot, view)
    closed: list[weakref.ref[ViewWidget]] = []

    def move(times: int) -> None:
        for _ in range(times):
            with qtbot.waitSignal(view.frame_drawn):
                view.move_camera(orbit(view.camera, 0.1, 0, "z"))

    def open_and_close(times: int) -> None:
        for _ in range(times):
            other = open_view(scene(60_000), (240, 160))
            picture(qtbot, other)
            other.close()
            other.deleteLater()
            closed.append(weakref.ref(other))

    def use() -> None:
        move(60)
        open_and_close(8)

    use()
    sizes = [memory(renderer)]
    for _ in range(3):
        use()
        sizes.append(memory(renderer))
    for name, process in zip(("window", "renderer"), zip(*sizes, strict=True), strict=True):
        # Caches may grow once; leaked scenes would grow in every round, by 7 MiB or more.
        growth = min(after - before for before, after in pairwise(process))
        assert growth < 4, f"the {name} grows: {[round(size) for size in process]} MiB"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert not [view for view in closed if view() is not None], "a closed view is still referenced"

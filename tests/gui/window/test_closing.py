"""A closed shape leaves nothing in memory, whatever was done with it before."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_core.files import write
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.jobs import freed_memory
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.state.session import Session
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.gui.window.test_selecting import active, trigger
from tests.narrow import present


@pytest.mark.parametrize("what", ["scan", "mesh"])
def test_nothing_refers_to_a_closed_shape(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, what: str
) -> None:
    window = open_window(CHAIR if what == "mesh" else scan(tmp_path))
    use(qtbot, window)
    shape, sampled = active(window).shape, present(window.session.result).cloud
    left: list[ref[Shape]] = [ref(shape), ref(sampled)]
    del shape, sampled
    window.session.replace_all(Document(), None, None)
    settle(qtbot, window)
    gc.collect()
    assert [each() for each in left] == [None, None]


def scan(folder: Path) -> str:
    """A scan far from the origin, so that the window moves it beside another shape."""
    points = np.random.default_rng(0).random((500, 3)).astype(np.float32)
    levels = np.arange(len(points)) % 4
    cloud = PointCloud(points, np.array([1000.0, 0, 0]), attributes={"intensity": levels.astype(np.uint16)})
    write(cloud, folder / "scan.ply")
    return str(folder / "scan.ply")


def use(qtbot: QtBot, window: Window) -> None:
    """Colour, light, hide, select, sample, perturb and compare the shape; the task network runs too."""
    session, id = window.session, active(window).id
    session.look(lit=True)
    session.edit(id, "Colour", colouring="height")
    settle(qtbot, window)
    shape = active(window).shape
    if isinstance(shape, PointCloud):
        session.selected.choose(id, np.arange(len(shape)) < 20)
        trigger(window, "selection-hide")
    session.choose(spec=MethodSpec.of("apsnet"), m=8)
    session.change_what_if("Noise", change=Perturbation(noise=1))
    settle(qtbot, window)
    session.change_what_if("None", change=Perturbation())
    session.line_up("Compare", methods=tuple(map(MethodSpec.of, ("random", "apsnet"))), shown=True)
    settle(qtbot, window)
    session.line_up("Leave", shown=False)


def test_memory_is_given_back_when_a_shape_is_closed(
    qtbot: QtBot, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    monkeypatch.setattr(freed_memory, "give_back", lambda: given.append("back"))
    session = Session()
    freed_memory.FreedMemory(session, background)
    session.add([OpenShape("a", "a", "a.ply", PointCloud(np.eye(3, dtype=np.float32)))])
    assert not background.jobs
    session.remove("a")
    qtbot.waitUntil(lambda: given == ["back"])


def test_memory_is_given_back_once_the_work_on_a_large_cloud_has_ended(
    qtbot: QtBot, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(freed_memory, "give_back", lambda: done.append("back"))
    session = Session()
    freed_memory.FreedMemory(session, background)
    may_end = threading.Event()
    background.start("Working", lambda _: done.append("worked") if may_end.wait(60) else None)
    shape = PointCloud(np.zeros((freed_memory.LARGE, 3), np.float32))
    session.add([OpenShape("a", "a", "a.ply", shape)])
    may_end.set()
    qtbot.waitUntil(lambda: len(done) == 2 and not background.jobs)
    assert done == ["worked", "back"]

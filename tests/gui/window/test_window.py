"""The whole window with the real renderer: opening, dropping files, sampling, measures, menus and undo."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import TriangleMesh
from apsnet_core.files import read
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops import sample_distances
from apsnet_core.ops.surface import sample_surface
from apsnet_gui.viewport.scene import SphereLayer
from apsnet_gui.window.bundled import bundled
from tests.gui.methods import spec
from tests.narrow import of_kind, present

from .conftest import CHAIR, TIMEOUT, OpenWindow, seen_in, settle


def test_every_bundled_shape_opens_is_sampled_and_seen(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    for path in bundled():
        window.opening.open_paths([str(path)])
        settle(qtbot, window)
        result = window.session.result
        assert result is not None
        # The oracle: the same sampling by the core.
        mesh = of_kind(TriangleMesh, read(path))
        expected = create(MethodSpec("farthest_point")).sample(sample_surface(mesh, 2048, 0), 32, 0)
        np.testing.assert_array_equal(result.sampling.points, expected.points, err_msg=path.name)
        assert seen_in(window) > 0.6, path.name
    assert [entry.name for entry in window.session.document.entries] == [path.stem for path in bundled()]
    assert not [text for level, text in window.toasts.messages if level == "error"]


@pytest.mark.parametrize("method", ["random", "farthest_point", "voxel"])
def test_each_method_shows_its_samples_in_its_colour(
    qtbot: QtBot, open_window: OpenWindow, method: str
) -> None:
    window = open_window(CHAIR)
    window.sampling.method.setCurrentIndex(window.sampling.method.findData(method))
    window.sampling.method.activated.emit(window.sampling.method.currentIndex())
    settle(qtbot, window)
    assert window.session.result is not None
    assert window.session.result.sampling.method == method
    assert seen_in(window) > 0.6


def test_a_method_without_weights_gives_an_error_message(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("apsnet@nowhere"))
    settle(qtbot, window)
    assert window.session.result is None
    [text] = {text for level, text in window.toasts.messages if level == "error"}
    assert "nowhere" in text
    assert "Traceback" not in text


def test_undo_takes_back_changes_made_in_the_panels(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    before = window.session.document
    window.sampling.size_box.setValue(9)
    window.sampling.seed.setValue(3)
    window.clouds.facts.colouring.setCurrentIndex(1)
    window.clouds.facts.colouring.activated.emit(1)
    settle(qtbot, window)
    for _ in range(3):
        window.actions_by_id["undo"].trigger()
    settle(qtbot, window)
    assert window.session.document == before
    assert window.sampling.size_box.value() == 32
    assert window.session.result is not None
    assert window.session.result.sampling.m == 32
    window.actions_by_id["redo"].trigger()
    settle(qtbot, window)
    assert window.session.result.sampling.m == 9


def test_the_slider_and_the_number_agree_and_stale_results_are_dropped(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    shown: list[int] = []
    window.session.sampled.connect(lambda result: shown.append(result.sampling.m if result else 0))
    for position in range(1000, 9001, 250):
        window.sampling.slider.setValue(position)
        qtbot.wait(5)
    settle(qtbot, window)
    assert window.session.result is not None
    last = window.session.document.choice.m
    assert window.sampling.size_box.value() == window.sampling.slider.size_value == last
    assert shown[-1] == window.session.result.sampling.m == last
    assert shown == sorted(shown)


def test_fifteen_dropped_files_open_and_five_broken_ones_are_reported(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    rng = np.random.default_rng(1)
    for i in range(20):
        file = tmp_path / f"{i:02}.xyz"
        if i % 4 == 3:
            file.write_bytes(b"\x00\x01 nothing here")
        else:
            np.savetxt(file, rng.random((60, 3)))
    data = QMimeData()
    here = [QUrl.fromLocalFile(str(file)) for file in sorted(tmp_path.glob("*.xyz"))]
    data.setUrls([*here, QUrl("https://example.org/a.ply")])
    window.dropEvent(
        QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == [
        f"{i:02}" for i in range(20) if i % 4 != 3
    ]
    errors = [text for level, text in window.toasts.messages if level == "error"]
    assert [text.split(":")[0] for text in errors] == [f"{i:02}.xyz" for i in range(3, 20, 4)]
    assert window.clouds.model.rowCount() == 15
    [said] = [text for level, text in window.toasts.messages if level == "warning"]
    assert said.startswith("https://example.org/a.ply: it is not on this machine")


def test_samples_are_seen_before_they_are_measured(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a large scan, measuring takes longer than sampling; here the measures wait for the test."""
    window = open_window(CHAIR)
    session, measures, waits = window.session, window.session.measures, Event()
    measure = sample_distances.distances
    waiting = lambda *clouds: (waits.wait(60), measure(*clouds))[1]  # noqa: E731
    monkeypatch.setattr(sample_distances, "distances", waiting)
    session.choose(m=77)
    qtbot.waitUntil(lambda: session.result is not None and session.result.sampling.m == 77, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.central.is_settled, timeout=TIMEOUT)
    [samples] = [layer for layer in window.view.scene.layers if layer.key == "samples"]
    assert len(of_kind(SphereLayer, samples).centers) == 77
    assert session.busy
    assert session.measures is None
    assert not window.sampling.result.chamfer.isEnabled()
    waits.set()
    settle(qtbot, window)
    assert session.measures is not None and session.measures != measures
    assert window.sampling.result.chamfer.isEnabled()
    assert window.sampling.result.chamfer.text().startswith(f"{session.measures.chamfer:.4g}")
    waits.clear()
    session.choose(m=55)
    qtbot.waitUntil(lambda: session.busy)
    session.remove(present(session.document.current))
    assert session.result is None and window.sampling.result.chamfer.text() == "–", (
        "a closed shape has no measures"
    )
    waits.set()


def test_a_step_is_shown_without_a_pass_over_the_cloud(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a million points, each pass over the cloud would block the window."""
    window = open_window(CHAIR)
    settle(qtbot, window)
    panel = window.attention
    looked: list[str] = []
    monkeypatch.setattr(np, "ptp", lambda *_, **__: looked.append("ptp"))
    panel._show_result(window.session.result)
    panel._show_step(3)
    window.commands.editing.copy_samples()
    monkeypatch.undo()
    assert panel.point.text().startswith("3   at ") and looked == []


def test_the_menus_mark_the_chosen_settings(open_window: OpenWindow) -> None:
    window = open_window()
    kinds = "theme", "text", "device"
    named = {id: item for id, item in window.actions_by_id.items() if id.split("-")[0] in kinds}

    def marked() -> list[str]:
        for menu in window.findChildren(QMenu):
            if set(menu.actions()) & set(named.values()):
                menu.aboutToShow.emit()
        return [id for id, item in named.items() if item.isChecked()]

    assert marked() == ["theme-dark", "text-100", "device-cpu"]
    try:
        named["theme-light"].trigger()
        named["text-150"].trigger()
        named["device-cpu"].trigger()  # it is chosen already
        assert marked() == ["theme-light", "text-150", "device-cpu"]
    finally:
        window.theme.set_mode("dark")
        window.theme.set_scale(100)


def test_nothing_is_compared_before_a_shape_is_open(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    panels = window.table, window.curves

    def offered() -> list[tuple[bool, str]]:
        buttons = [button for panel in panels for button in panel.findChildren(QPushButton)]
        return [(each.isEnabled(), each.toolTip()) for each in buttons if each.text() == "Compare methods"]

    assert offered() == [(False, "Open a shape first")] * 2
    window.opening.open_paths([CHAIR])
    qtbot.waitUntil(lambda: offered() == [(True, "")] * 2, timeout=TIMEOUT)

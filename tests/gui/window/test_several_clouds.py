"""Several clouds in one window are shown together, selected, hidden, coloured, exported and captioned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.files import read, write
from apsnet_core.placing import coordinates_text
from apsnet_gui.panels.clouds_table import EYE, NAME
from apsnet_gui.viewport.overlay import describe
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.scene import positions
from apsnet_gui.window.window import Window
from tests.gui.methods import specs
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.narrow import of_kind, present

RNG = np.random.default_rng(5)


def ball(path: Path, centre: tuple[float, float, float], radius: float = 1.0, count: int = 400) -> str:
    directions = RNG.normal(size=(count, 3))
    points = directions / np.linalg.norm(directions, axis=1, keepdims=True) * radius + centre
    write(PointCloud.from_array(points), path)
    return str(path)


def click(qtbot: QtBot, window: Window, row: int, column: int, double: bool = False) -> None:
    table = window.clouds.table
    at = table.visualRect(table.model().index(row, column, QModelIndex())).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def seen(window: Window) -> list[str]:
    return [entry.name for entry in window.session.document.entries if entry.visible]


def test_two_clouds_are_shown_together_each_at_its_own_coordinates(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    near = ball(tmp_path / "near.ply", (500_000.0, 5_400_000.0, 0.0))
    far = ball(tmp_path / "far.ply", (500_020.0, 5_400_000.0, 0.0))
    window = open_window(near, far)
    assert seen(window) == ["far"]
    click(qtbot, window, 0, EYE)
    settle(qtbot, window)
    assert seen(window) == ["near", "far"]
    assert present(window.session.document.active).name == "far"  # a click on the eye selects nothing
    scene = window.view.scene
    layers = {entry.name: entry.id for entry in window.session.document.entries}
    for name, x in (("near", 500_000.0), ("far", 500_020.0)):
        [layer] = [layer for layer in scene.layers if layer.key == layers[name]]
        middle = positions(layer).astype(np.float64).mean(axis=0) + scene.offset
        np.testing.assert_allclose(middle[0], x, atol=0.2)
    click(qtbot, window, 0, NAME)
    settle(qtbot, window)
    assert seen(window) == ["near", "far"] and present(window.session.document.active).name == "near"
    click(qtbot, window, 1, EYE)
    settle(qtbot, window)
    assert seen(window) == ["near"]
    click(qtbot, window, 1, NAME, double=True)
    settle(qtbot, window)
    assert seen(window) == ["far"]


def test_a_message_names_shapes_that_are_only_dots_because_they_are_far_apart(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    here = ball(tmp_path / "here.ply", (0.0, 0.0, 0.0))
    window = open_window(here, ball(tmp_path / "beside.ply", (30.0, 0.0, 0.0)))
    click(qtbot, window, 0, EYE)
    settle(qtbot, window)
    assert not window.messages.all, "visible small shapes need no message"
    window.opening.open_paths([ball(tmp_path / "there.ply", (600_000.0, 0.0, 0.0))])
    settle(qtbot, window)
    click(qtbot, window, 0, EYE)
    settle(qtbot, window)
    assert seen(window) == ["here", "there"]
    assert "each is a dot: here, there." in window.messages.all[-1].text
    window.opening.open_paths([ball(tmp_path / "around.ply", (300_000.0, 0.0, 0.0), 300_000.0)])
    settle(qtbot, window)
    click(qtbot, window, 0, EYE)
    settle(qtbot, window)
    assert seen(window) == ["here", "around"]
    assert "Dots beside the others: here." in window.messages.all[-1].text


def test_a_hidden_cloud_s_eye_shows_it_and_hides_nothing(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR, CHAIR)
    for expected in ([0, 1], [1], [0, 1]):
        click(qtbot, window, 0, EYE)
        visible = [row for row, entry in enumerate(window.session.document.entries) if entry.visible]
        assert visible == expected


def test_several_clouds_are_hidden_coloured_exported_sampled_and_closed(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [ball(tmp_path / f"{name}.ply", (i * 3.0, 0.0, 0.0)) for i, name in enumerate("abc")]
    window = open_window(*files)
    table = window.clouds.table

    def select_two() -> None:
        click(qtbot, window, 0, NAME)
        at = table.visualRect(table.model().index(1, NAME, QModelIndex())).center()
        control = Qt.KeyboardModifier.ControlModifier
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, control, at)
        assert [entry.name for entry in window.clouds.selected] == ["a", "b"]

    def choose(text: str) -> None:
        [action] = [action for action in window.clouds.menu().actions() if action.text() == text]
        assert action.isEnabled()
        action.trigger()
        settle(qtbot, window)

    select_two()
    choose("Only these")
    assert seen(window) == ["a", "b"]
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor("#123456"))
    choose("Colour…")
    assert [entry.colour for entry in window.session.document.entries][:2] == ["#123456", "#123456"]
    assert window.session.document.entries[2].colour != "#123456"
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    choose("Export all to a folder…")
    np.testing.assert_allclose(read(out / "b.ply").absolute, read(files[1]).absolute, atol=1e-6)
    window.session.choose(m=7)
    choose("Sample one after another to a folder…")
    sampled = of_kind(PointCloud, read(out / "a-2.ply"))
    assert len(sampled) == 7
    assert {*map(tuple, sampled.absolute.tolist())} <= {*map(tuple, read(files[0]).absolute.tolist())}
    choose("Hide")
    assert seen(window) == []
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert seen(window) == ["a", "b"]
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == ["c"]
    window.session.undo()
    settle(qtbot, window)
    select_two()
    qtbot.keyClick(table, Qt.Key.Key_Backspace)  # closes as Delete does
    settle(qtbot, window)
    assert [entry.name for entry in window.session.document.entries] == ["c"]
    assert seen(window) == ["c"]  # the next shape is shown instead of the closed ones


@pytest.mark.parametrize("compared", [False, True])
def test_a_shape_of_another_size_is_in_sight_after_the_camera_was_moved(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, compared: bool
) -> None:
    window = open_window(ball(tmp_path / "small.ply", (0.0, 0.0, 0.0), 0.01))
    if compared:
        window.session.line_up("Compare", shown=True, methods=specs("random", "voxel"))
        settle(qtbot, window)
    window.view.look_from("top")
    window.session.saved_as(None)
    window.session.remove(present(window.session.document.current))
    settle(qtbot, window)
    window.opening.open_paths([ball(tmp_path / "large.ply", (90.0, 0.0, 0.0), 40.0)])
    settle(qtbot, window)
    assert window.view.is_in_sight
    picture = np.frombuffer(present(window.view.frame).image.constBits(), np.uint8).reshape(-1, 4)[:, :3]
    background = np.array(window.view.scene.background_rgb)[::-1]
    assert (np.abs(picture.astype(int) - background).max(axis=1) > 40).mean() > 0.005


def test_the_caption_changes_together_with_its_picture(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    view = window.view
    before = view.caption
    assert "chair" in before.detail
    drawn = []
    view.settled.connect(lambda: drawn.append(view.caption.detail))
    changed = []
    window.session.changed.connect(lambda *_: changed.append(view.caption.detail))
    window.opening.open_paths([ball(tmp_path / "other.ply", (0.0, 0.0, 0.0))])
    settle(qtbot, window)
    assert changed[0] == before.detail  # the picture is still that of the chair
    assert present(view.frame).scene is view.scene
    assert "other" in view.caption.detail


def test_an_empty_picture_says_why_it_is_empty(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    before = window.view.caption
    window.session.edit(present(window.session.document.current), "Hide", visible=False)
    settle(qtbot, window)
    assert window.view.caption.title == "Nothing is shown" and "eye" in window.view.caption.detail
    window.session.undo()
    settle(qtbot, window)
    assert window.view.caption.title == before.title != "Nothing is shown"


def test_a_late_scene_keeps_its_own_caption(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(CHAIR, ball(tmp_path / "other.ply", (0.0, 0.0, 0.0)))
    view, session = window.view, window.session
    said: list[tuple[str, str]] = []
    tell = view.set_header

    def note(title: str, detail: str = "") -> None:
        said.append((title, detail))
        tell(title, detail)

    monkeypatch.setattr(view, "set_header", note)
    chair, other = session.document.entries
    session.select(chair.id)
    session.select(other.id)  # before the scene of the chair is ready
    settle(qtbot, window)
    assert said[0] == ("chair", "")
    assert "other" in said[-1][1]


def test_after_undo_close_and_redo_the_shape_is_sampled_again(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.remove(present(window.session.document.current))
    settle(qtbot, window)
    assert window.session.result is None
    window.session.undo()
    settle(qtbot, window)
    assert window.session.result is not None
    window.session.redo()
    window.session.undo()
    settle(qtbot, window)
    assert window.session.result is not None


def test_another_task_in_a_comparison_gets_a_new_answer(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.line_up("Compare", shown=True, methods=specs("farthest_point", "apsnet"), selected=1)
    settle(qtbot, window)
    assert window.session.heat is None or present(window.session.result).has_attention
    window.session.line_up("Select", selected=0)
    settle(qtbot, window)
    assert window.session.heat is None
    assert len(present(window.session.answer).rows) > 1  # classes
    window.session.choose(task="reconstruction")
    settle(qtbot, window)
    assert present(window.session.result).choice.task == "reconstruction"
    assert [row[0] for row in present(window.session.answer).rows] == ["NRE"]
    window.session.choose(task="registration")
    settle(qtbot, window)
    assert "Rotation error" in [row[0] for row in present(window.session.answer).rows]


def test_coordinates_are_absolute_and_distinguish_close_points(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    centre = (636_927.25, 851_062.5, 118.0)
    window = open_window(ball(tmp_path / "utm.ply", centre, 0.01, 50))
    entry = present(window.session.document.active)
    cloud = of_kind(PointCloud, entry.shape)
    shown = cloud.absolute[7]
    pick = Pick(entry.id, 7, tuple(cloud.xyz[7].tolist()), (0.0, 0.0))
    text = describe(pick, window.view.scene)
    found = np.array([float(part) for part in text.split("(")[1].rstrip(")").split(", ")])
    np.testing.assert_allclose(found, shown, atol=1e-6)
    words = {describe(Pick(entry.id, 0, tuple(xyz), (0.0, 0.0)), window.view.scene) for xyz in cloud.xyz}
    assert len(words) == 50


@pytest.mark.parametrize(
    ("extent", "text"),
    [(1000.0, "636927.412"), (1.0, "636927.4123"), (0.02, "636927.412346"), (0.0, "636927.412346")],
)
def test_coordinates_have_at_least_three_decimals(extent: float, text: str) -> None:
    assert coordinates_text((636_927.412_346, 0.0, 0.0), extent).split(",")[0] == text

"""A field's colour scale is changed by mouse, number and key, hides classes, is undone, and is saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from apsnet_core import files
from apsnet_core.cli.colour_by import ColourOptions, coloured
from apsnet_core.cloud import PointCloud
from apsnet_core.colours.colormap import Map
from apsnet_core.colours.field_colours import FieldScale
from apsnet_gui.comparison.report_colours import colour_words, field_colours
from apsnet_gui.panels.colour_scale import ColourScale
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.open_shape import Loaded, OpenShape, new_entry
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.scaling import toggle_class
from apsnet_gui.viewport.legend import class_at
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.window.window import Window
from tests.gui.pictures import pixels_of
from tests.narrow import of_kind, present

from .conftest import OpenWindow, settle

COUNT = 900
GROUND, BUILDING = (161, 113, 63), (213, 94, 0)


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> Window:
    """A floor (class ground) and a wall (class building), with intensities from 0 to 899."""
    across, along = np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 1, 30))
    floor = np.stack([across.ravel(), along.ravel(), 0 * across.ravel()], axis=1)
    xyz = np.where(np.arange(COUNT)[:, None] % 2 == 0, floor, floor[:, [0, 2, 1]] + [0, 1, 0])
    fields = {"classification": np.where(np.arange(COUNT) % 2, 6, 2), "intensity": np.arange(COUNT)}
    cloud = PointCloud.from_array(xyz, attributes=fields)
    files.write(cloud, tmp_path / "a.ply")
    return open_window(str(tmp_path / "a.ply"))


def colour_by(qtbot: QtBot, window: Window, field: str) -> ColourScale:
    window.session.look(samples=False)
    window.commands.view.colour_by(f"field:{field}")
    settle(qtbot, window)
    return window.clouds.facts.scale


def entry(window: Window) -> OpenShape:
    return present(window.session.document.active)


def test_a_handle_is_dragged_and_that_is_one_undo_step(qtbot: QtBot, window: Window) -> None:
    panel = colour_by(qtbot, window, "intensity")
    assert panel.isVisibleTo(window) and entry(window).scale is None
    bar = present(window.view.caption.bar)
    ends = np.percentile(np.arange(COUNT), [1, 99])
    assert (bar.low, bar.high) == pytest.approx(ends) and panel.histogram.place(bar.low) < 40
    histogram = panel.histogram
    y = histogram.height() // 2
    start, goal = (QPoint(round(histogram.place(value)), y) for value in (ends[0], 450))
    QTest.mousePress(histogram, Qt.MouseButton.LeftButton, pos=start)
    for step in (0.3, 0.7, 1.0):
        QTest.mouseMove(histogram, start + (goal - start) * step)
    QTest.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=goal)
    settle(qtbot, window)
    pixel = COUNT / histogram.width()
    scale = present(entry(window).scale)
    assert present(scale.low) == pytest.approx(450, abs=2 * pixel) and scale.high == pytest.approx(ends[1])
    assert present(window.view.caption.bar).low == scale.low
    assert panel.shares.currentText() == "By hand"
    window.session.undo()
    settle(qtbot, window)
    assert entry(window).scale is None and panel.shares.currentText() == "1–99\u202f%"


def test_keys_and_typed_numbers_move_the_ends(qtbot: QtBot, window: Window) -> None:
    panel = colour_by(qtbot, window, "intensity")
    for key in (Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_Home):
        QTest.keyClick(panel.histogram, key)
    assert (present(entry(window).scale).low, present(entry(window).scale).high) == (0, 899)
    QTest.keyClick(panel.histogram, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert present(present(entry(window).scale).low) == pytest.approx(89.9, rel=0.01)
    panel.ends[0].selectAll()
    QTest.keyClicks(panel.ends[0], "300.5")
    QTest.keyClick(panel.ends[0], Qt.Key.Key_Return)
    assert present(entry(window).scale).low == 300.5
    refused: list[str] = []
    panel.ends[1].refused.connect(refused.append)
    for text in ("1", "many", "inf"):
        panel.ends[1].selectAll()
        QTest.keyClicks(panel.ends[1], text)
        QTest.keyClick(panel.ends[1], Qt.Key.Key_Return)
    expected = ("lower", "not a number", "not a finite number")
    assert all(words in said for words, said in zip(expected, refused, strict=True))
    assert present(entry(window).scale).high == 899 and panel.ends[1].text() == "899"


def test_map_and_logarithm_are_chosen_and_another_field_has_a_scale_of_its_own(
    qtbot: QtBot, window: Window
) -> None:
    panel = colour_by(qtbot, window, "intensity")
    panel.map.setCurrentIndex(panel.map.findData("magma"))
    panel.map.activated.emit(panel.map.currentIndex())
    panel.log.click()
    settle(qtbot, window)
    bar = present(window.view.caption.bar)
    assert bar.log and bar.low == pytest.approx(np.percentile(np.arange(1, COUNT), 1))
    assert entry(window).scale == FieldScale(log=True, map="magma")
    panel.shares.setCurrentIndex(panel.shares.findText("All values"))
    panel.shares.activated.emit(panel.shares.currentIndex())
    settle(qtbot, window)
    assert (present(window.view.caption.bar).low, present(window.view.caption.bar).high) == (1, 899)
    colour_by(qtbot, window, "classification")
    assert entry(window).scale is None and panel.classes.count() == 2 and not panel.log.isVisible()
    window.commands.view.colour_by("height")
    settle(qtbot, window)
    assert panel.histogram.isVisibleTo(panel) and panel.shares.currentText() == "All values"
    window.commands.view.colour_by("plain")
    settle(qtbot, window)
    assert not panel.isVisibleTo(window)


def test_a_click_in_the_legend_hides_a_class_and_shows_it_again(qtbot: QtBot, window: Window) -> None:
    panel = colour_by(qtbot, window, "classification")
    view = window.view
    assert min(pixels_of(view, GROUND), pixels_of(view, BUILDING)) > 100
    bar, size = present(view.caption.bar), (view.width(), view.height())
    rows = [y for y in range(size[1]) if class_at(bar, view.font(), size, QPointF(size[0] - 20, y))]
    names = [present(class_at(bar, view.font(), size, QPointF(size[0] - 20, y))).name for y in rows]
    ground = QPoint(size[0] - 20, rows[names.count("Ground") // 2])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=ground)
    settle(qtbot, window)
    assert present(entry(window).scale).hidden == (2,)
    assert pixels_of(view, GROUND) == 0 and pixels_of(view, BUILDING) > 100
    assert window.messages.all[-1].text.startswith("Hidden: Ground. They are still sampled and exported")
    assert [panel.classes.item(i).checkState() == Qt.CheckState.Checked for i in (0, 1)] == [False, True]
    wall = of_kind(PointLayer, view.scene.layers[0])
    assert present(wall.rows).tolist() == list(range(1, COUNT, 2))
    places, _ = project(view.camera, wall.xyz, view.logical)
    pick = present(view.pick(QPointF(*places[len(places) // 2])))
    assert pick.index % 2 == 1, "a pick must return the row in the file, not among the drawn points"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=ground)
    settle(qtbot, window)
    assert present(entry(window).scale).hidden == () and pixels_of(view, GROUND) > 100
    window.session.undo()
    window.session.undo()
    assert entry(window).scale is None
    panel.classes.item(1).setCheckState(Qt.CheckState.Unchecked)
    settle(qtbot, window)
    assert present(entry(window).scale).hidden == (6,) and pixels_of(view, BUILDING) == 0
    panel.classes.item(0).setCheckState(Qt.CheckState.Unchecked)
    settle(qtbot, window)
    toasts = [each for each in window.toasts.findChildren(QFrame, "toast") if each.isVisible()]
    said = [each.accessibleName() for each in toasts]
    assert [each for each in said if "Hidden" in each] == [f"info: {window.messages.all[-1].text}"]
    QTest.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, window)
    assert min(pixels_of(view, GROUND), pixels_of(view, BUILDING)) > 100
    assert not window.actions_by_id["show-hidden"].isEnabled()


def test_a_project_keeps_the_scale(qtbot: QtBot, window: Window) -> None:
    colour_by(qtbot, window, "classification")
    scale = FieldScale(map="cividis", low=1.5, high=7.0, hidden=(2, 6))
    window.session.edit(entry(window).id, "Change", scale=scale)
    document = window.session.document
    written = to_json(document)
    shapes = {entry(window).id: Loaded.measured(entry(window).shape)}
    assert present(from_json(written, shapes).active).scale == scale
    for wrong in ({"low": 3.0, "high": 1.0}, {"map": "jet"}, {"hidden": ["a"]}):
        written["entries"][0]["scale"] = wrong
        with pytest.raises(ProjectError, match=r"entries\.0\.scale"):
            from_json(written, shapes)


def test_points_of_hidden_classes_are_not_selected(qtbot: QtBot, window: Window) -> None:
    colour_by(qtbot, window, "classification")
    toggle_class(window.session, 2)
    settle(qtbot, window)
    view = window.view
    window.actions_by_id["select-box"].trigger()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    for corner in (QPoint(60, 60), QPoint(view.width() - 3, view.height() - 3)):
        QTest.mouseMove(view, corner)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=corner)
    settle(qtbot, window)
    chosen = present(window.session.selected.of(entry(window).id))
    assert np.flatnonzero(chosen).tolist() == list(range(1, COUNT, 2))
    drawn = of_kind(PointLayer, view.scene.layers[0])
    assert len(drawn.xyz) == COUNT / 2 and (drawn.colors[:, 2] > 100).all(), "all drawn points are marked"
    window.actions_by_id["select-invert"].trigger()
    settle(qtbot, window)
    assert window.session.selected.of(entry(window).id) is None
    window.actions_by_id["select-all"].trigger()
    settle(qtbot, window)
    np.testing.assert_array_equal(present(window.session.selected.of(entry(window).id)), chosen)
    for value, left in ((6, 0), (6, COUNT // 2)):  # hidden, and shown again
        toggle_class(window.session, value)
        settle(qtbot, window)
        now = window.session.selected.of(entry(window).id)
        assert (0 if now is None else now.sum()) == left


def test_light_uses_the_normals_of_the_file_or_estimated_ones(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    xyz = np.random.default_rng(0).random((50, 3))
    files.write(PointCloud.from_array(xyz, normals=np.tile([0.0, 0, 1], (50, 1))), tmp_path / "with.ply")
    files.write(PointCloud.from_array(xyz), tmp_path / "without.ply")
    window = open_window(str(tmp_path / "with.ply"))
    box = window.clouds.facts.lit
    assert box.isEnabled() and not box.isChecked()
    box.click()
    settle(qtbot, window)
    lit = of_kind(PointLayer, window.view.scene.layers[0])
    np.testing.assert_array_equal(present(lit.normals), present(entry(window).shape.normals))
    window.session.undo()
    settle(qtbot, window)
    assert of_kind(PointLayer, window.view.scene.layers[0]).normals is None and not box.isChecked()
    window.opening.open_paths([str(tmp_path / "without.ply")])
    settle(qtbot, window)
    assert box.isEnabled() and "estimated" in box.toolTip()


@pytest.mark.parametrize(
    "scale",
    [
        None,
        FieldScale(low=-3.25, high=1e9 / 3, log=False, map="turbo"),
        FieldScale(percentiles=(2, 98), log=True),
        FieldScale(hidden=(6, 2)),
    ],
)
def test_a_report_and_its_command_have_the_colours_of_the_window(scale: FieldScale | None) -> None:
    field = "classification" if scale and scale.hidden else "intensity"
    cloud = PointCloud.from_array(
        np.random.default_rng(0).random((20, 3)),
        attributes={"classification": np.arange(20) % 7, "intensity": np.arange(1, 21)},
    )
    entry = replace(new_entry(Loaded.measured(cloud), "a.ply"), colouring=f"field:{field}", scale=scale)
    words = colour_words(entry)
    assert words[:2] == ["--colour-by", field]
    told = dict(zip(words[::2], words[1::2], strict=True)) if "--colour-log" not in words else {}
    told = told or {"--colour-range": words[3], "--colour-log": "yes"}
    usual = ColourOptions()
    again = ColourOptions(
        field,
        told.get("--colour-range", usual.colour_range),
        "--colour-log" in told,
        cast(Map, told.get("--colour-map", usual.colour_map)),
        told.get("--hide-classes"),
    ).scale
    assert again == (scale or FieldScale())
    found = present(field_colours(entry, cloud))
    np.testing.assert_array_equal(found.rgb, coloured(cloud, field, again).rgb)
    high = replace(entry, colouring="height", scale=None, up="x")
    assert colour_words(high) == ["--colour-by", "height", "--colour-range", "0%,100%"]
    whole = coloured(cloud, "height", FieldScale(percentiles=(0, 100)), "x")
    np.testing.assert_array_equal(present(field_colours(high, cloud)).rgb, whole.rgb)
    assert field_colours(replace(entry, colouring="plain"), cloud) is None

"""Two compared methods: a slider between their pictures, moved samples, and the difference of attention."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from apsnet_core.methods.attention import attention_difference
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.tasks.registry import tasks
from apsnet_gui.comparison.pair_answers import PairAnswers
from apsnet_gui.comparison.pair_scenes import lines
from apsnet_gui.comparison.pair_view import ALONE
from apsnet_gui.comparison.toolbar import WAYS, ComparisonToolbar
from apsnet_gui.state.document import LAYOUTS
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.scene import MeshLayer, PointLayer, SphereLayer
from apsnet_gui.window.window import Window
from tests.gui.methods import place_of
from tests.gui.pictures import pixels
from tests.gui.window.conftest import settle
from tests.narrow import of_kind, present

from .conftest import Compare


def show(qtbot: QtBot, window: Window, layout: str) -> None:
    window.actions_by_id[f"layout-{layout}"].trigger()
    settle(qtbot, window)


def test_the_slider_joins_two_pictures_at_its_divider(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "farthest_point,random", m=16)
    window.resize(1100, 800)
    pair = window.central.compared.pair
    show(qtbot, window, "slider")
    slider = pair.slider
    assert window.session.document.lineup.pair == (place_of("random"), place_of("farthest_point"))
    assert slider.isVisible() and not window.grid.isVisible()
    left, right = (pixels(view.grab().toImage()) for view in (slider.left, slider.right))
    assert (left != right).any(axis=2).sum() > 100
    assert left.shape == right.shape and slider.left.camera == slider.right.camera
    frames = slider.left.frame, slider.right.frame

    seen: list[int] = []
    slider.moved.connect(seen.append)
    bar, middle = slider.divider, slider.height() // 2
    start = QPoint(bar.width() // 2, middle)
    undone = window.session.undo_text
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for percent in (60, 70, 80):
        to = bar.mapFrom(slider, QPoint(round(slider.width() * percent / 100), middle))
        QTest.mouseMove(bar, to)
        assert (slider.left.frame, slider.right.frame) == frames, "dragging must not redraw"
        shown = pixels(slider.grab().toImage())
        at = round(slider.width() * percent / 100)
        np.testing.assert_array_equal(shown[:, : at - 12], left[:, : at - 12])
        np.testing.assert_array_equal(shown[:, at + 12 :], right[:, at + 12 :])
    assert window.session.undo_text == undone, "a drag is not a step before the release"
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=start)
    assert seen == [60, 70, 80] and window.session.document.lineup.divider == 80

    qtbot.keyClick(bar, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert window.session.document.lineup.divider == slider.percent == 71
    window.actions_by_id["divider-left"].trigger()
    assert slider.percent == 61
    values = json.loads(json.dumps(to_json(window.session.document)))
    assert from_json(values, {}).lineup == window.session.document.lineup
    window.session.undo()
    assert slider.percent == 50
    before = slider.left.camera
    qtbot.keyClick(slider.left, Qt.Key.Key_3)
    assert slider.left.camera == slider.right.camera != before


def test_a_picture_of_the_slider_has_both_sides(qtbot: QtBot, compare: Compare, tmp_path: Path) -> None:
    window = compare("chair", "farthest_point,random", m=16)
    show(qtbot, window, "slider")
    slider = window.central.compared.pair.slider
    window.session.line_up("Move the divider", divider=60)
    taken = [view.snapshot() for view in (slider.left, slider.right)]
    QGuiApplication.clipboard().clear()
    window.actions_by_id["copy"].trigger()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull())
    left, right = (pixels(each.result()) for each in taken)
    copied, at = pixels(QGuiApplication.clipboard().image()), round(left.shape[1] * 0.6)
    assert (left != right).any(axis=2).sum() > 100
    np.testing.assert_array_equal(copied[:, : at - 2], left[:, : at - 2])
    np.testing.assert_array_equal(copied[:, at + 2 :], right[:, at + 2 :])
    between = np.abs(copied[:, at - 1 : at + 1].astype(int) - left[0, 0])
    assert between.max(axis=(1, 2)).min() > 40, "the divider must go from top to bottom"

    file = tmp_path / "two.png"
    with qtbot.waitSignal(window.session.told, check_params_cb=lambda _, text, *__: text == f"Wrote {file}"):
        window.pictures.save_view(file, 2.0)
    saved = pixels(QImage(str(file)))
    assert saved.shape[:2] == (2 * left.shape[0], 2 * left.shape[1])
    line = saved[:, round(saved.shape[1] * 0.6) - 1]
    assert (line == line[0]).all(), "the divider must have one colour"


def test_long_texts_about_two_methods_are_scrolled_and_not_cut(qtbot: QtBot, theme: Theme) -> None:
    answers = PairAnswers(theme)
    qtbot.addWidget(answers)
    for label in (answers.change, answers.moves):
        label.setText("Words of which there are more than one line that is as wide as this. " * 2)
    for name in answers.names:
        name.setText("A method")
    answers.resize(answers.width(), 100)
    with qtbot.waitExposed(answers):
        answers.show()
    assert answers.height() == 100
    for label in (answers.change, answers.moves):
        assert label.height() >= label.heightForWidth(label.width()) > 30


def test_a_film_of_the_slider_has_both_sides(qtbot: QtBot, compare: Compare, tmp_path: Path) -> None:
    window = compare("chair", "farthest_point,random", m=3)
    show(qtbot, window, "slider")
    taken = window.central.snapshot()
    with qtbot.waitSignal(window.session.told, check_params_cb=lambda _, text, *__: text.startswith("Wrote")):
        window.pictures.save_steps(tmp_path / "two.png")
    first, *_, last = (pixels(QImage(str(tmp_path / f"two-00{step}.png"))) for step in (1, 2, 3))
    qtbot.waitUntil(taken.done)
    np.testing.assert_array_equal(last, pixels(taken.result()))
    middle = last.shape[1] // 2
    for side in (slice(middle - 2), slice(middle + 2, None)):
        assert (first[:, side] != last[:, side]).any(), "both sides must show their steps"


def test_moved_samples_are_shown_in_colours_and_in_a_text(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "farthest_point#0,farthest_point#1,voxel", m=16)
    window.resize(1200, 850)
    pair = window.central.compared.pair
    row = present(window.results.parts[place_of("voxel")].row)
    tip = window.grid.cells[place_of("voxel")].header.words.toolTip().splitlines()
    assert tip[0] == "16 samples by Voxel" and f"Coverage: {100 * row.coverage:.1f} %" in tip
    window.grid.edits.select(place_of("farthest_point#1"))
    window.actions_by_id["pin"].trigger()
    window.grid.edits.select(place_of("voxel"))
    show(qtbot, window, "moved")
    assert window.view is pair.single and pair.is_settled
    parts = [present(window.results.parts[place_of(name)].result) for name in ("farthest_point#1", "voxel")]
    first, second = ({tuple(xyz) for xyz in part.sampling.points.tolist()} for part in parts)
    layers = {layer.key: layer for layer in pair.single.scene.layers}
    sets = {
        "in both": first & second,
        "only Farthest point (seed 1)": first - second,
        "only Voxel": second - first,
    }
    for name, points in sets.items():
        shown = of_kind(SphereLayer, layers[name]).centers if points else np.zeros((0, 3))
        assert {tuple(xyz) for xyz in shown.tolist()} == points, name
    bar = present(pair.single.caption.bar)
    assert [entry.name for entry in bar.classes] == [f"{len(points)} {name}" for name, points in sets.items()]
    tubes = of_kind(MeshLayer, layers["moves"])
    assert len(tubes.faces) == 12 * min(len(first - second), len(second - first))
    assert pair.answers.moves.text().startswith(f"{len(first & second)} of 16 samples are in both")
    rows = [present(window.results.parts[place_of(name)].row) for name in ("farthest_point#1", "voxel")]
    said = [present(row.verdict).answer for row in rows]
    changes = f"changes from {said[0]} to {said[1]}" if said[0] != said[1] else f"stays {said[0]}"
    assert changes.replace("_", " ") in pair.answers.change.text()

    pair.single.class_clicked.emit(1)  # in the legend
    settle(qtbot, window)
    assert [each.hidden for each in present(pair.single.caption.bar).classes] == [False, True, False]
    assert not {"moves", "only Farthest point (seed 1)"} & {layer.key for layer in pair.single.scene.layers}

    pair.swap.click()
    settle(qtbot, window)
    assert window.session.document.lineup.pair == (place_of("voxel"), place_of("farthest_point#1"))
    pair.beside.setCurrentIndex(pair.reference.currentIndex())
    pair.beside.activated.emit(pair.beside.currentIndex())  # choosing the reference swaps the two
    assert window.session.document.lineup.pair == (place_of("farthest_point#1"), place_of("voxel"))

    show(qtbot, window, "attention")
    assert "Only APSNet has attention" in pair.message.text() and pair.message.isVisible()
    window.session.line_up("Remove methods", methods=(place_of("voxel").method,))
    settle(qtbot, window)
    assert pair.message.text() == ALONE
    show(qtbot, window, "grid")
    assert window.grid.isVisible() and not pair.isVisible()


def test_the_difference_of_attention_is_centred_on_zero(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "apsnet,apsnet_kd", m=8)
    window.grid.edits.select(place_of("apsnet_kd"))
    show(qtbot, window, "attention")
    one, other = (present(window.results.parts[place_of(name)].result) for name in ("apsnet_kd", "apsnet"))
    values = attention_difference(one.found, other.found, one.cloud)
    pair = window.central.compared.pair
    bar = present(pair.single.caption.bar)
    assert bar.low == -bar.high == pytest.approx(-np.abs(values).max())
    assert bar.ends == ("APSNet-G looked more", "APSNet-KD-G looked more")
    [cloud] = [layer for layer in pair.single.scene.layers if isinstance(layer, PointLayer)]
    colours, table = cloud.colors.astype(int), bar.table.astype(int)
    more, less = values.argmax(), values.argmin()
    warm = colours[:, 0] - colours[:, 2]
    assert warm[more] > 0 > warm[less]
    strong = np.abs(values) > 0.02 * bar.high
    assert (np.sign(warm - (table[127, 0] - table[127, 2]))[strong] == np.sign(values[strong])).all()
    window.session.undo()
    settle(qtbot, window)
    assert window.grid.isVisible()


def test_lines_go_from_point_to_point() -> None:
    starts, stops = np.random.default_rng(0).random((2, 7, 3)).astype(np.float32)
    made = lines(starts, stops, (0, 0, 255), (255, 0, 0), 0.01)
    rings = made.vertices.reshape(7, 2, -1, 3)
    np.testing.assert_allclose(rings.mean(axis=2), np.stack([starts, stops], axis=1), atol=1e-6)
    radii = np.linalg.norm(rings - rings.mean(axis=2, keepdims=True), axis=3)
    np.testing.assert_allclose(radii, 0.01, atol=1e-6)
    assert made.faces.max() == len(made.vertices) - 1 and made.colors.shape == made.vertices.shape


@pytest.mark.parametrize("task", [task.name for task in tasks()])
def test_a_comparison_of_any_task_fits_a_small_screen(compare: Compare, task: str) -> None:
    window = compare("chair", "random,farthest_point", m=16, task=task, sizes=(8, 16, 32, 64, 128))
    window.docks["Clouds"].show()
    toolbar = present(window.findChild(ComparisonToolbar))
    assert toolbar.pages.isVisible() == (len(task_named(task).pages) > 1)
    for layout in LAYOUTS:
        window.actions_by_id[f"layout-{layout}"].trigger()
        assert LAYOUTS[toolbar.layouts.currentIndex()] == layout
        window.resize(1280, 720)
        QApplication.processEvents()
        assert window.width() == 1280, layout
    toolbar.layouts.setFocus()
    QTest.keyClick(toolbar.layouts, Qt.Key.Key_Home)
    assert window.session.document.lineup.layout == LAYOUTS[0]
    assert toolbar.layouts.itemData(3, Qt.ItemDataRole.ToolTipRole) == WAYS[3][1]
    page = task_named(task).pages[-1]
    toolbar.pages.setFocus()
    QTest.keyClick(toolbar.pages, Qt.Key.Key_End)
    assert toolbar.pages.currentText() == page.title
    assert window.session.document.lineup.show == page.key

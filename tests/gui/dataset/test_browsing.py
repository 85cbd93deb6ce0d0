"""The bundled furniture and other datasets, browsed in the real window."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.datasets import Dataset
from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.files import read
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.state import project_file as project
from apsnet_gui.viewport.scene import positions
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import TIMEOUT, OpenWindow, settle
from tests.narrow import present

from .conftest import Browse, stepped


def shown(window: Window) -> list[tuple[str, str]]:
    """Name and class of the shapes in the list."""
    shapes = window.dataset.panel.list.shapes
    assert shapes.collection is not None
    return [(shapes.collection.names[i], shapes.collection.class_name(i)) for i in shapes.shown]


def press(window: Window, key: Qt.Key, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(window.dataset.panel.list, key)


def test_arrow_keys_step_and_the_comparison_follows(browse: Browse, qtbot: QtBot, furniture: Dataset) -> None:
    window = browse("random,farthest_point")
    collection = window.dataset.current_dataset.collection
    assert collection is not None
    first = window.session.document.active
    press(window, Qt.Key.Key_Right, 5)
    stepped(qtbot, window)

    # One shape is open, the sixth of the list, and undo goes back to the first.
    [entry] = window.session.document.entries
    row = collection.rows[5]
    [(part, i)] = [
        (part, int(np.flatnonzero(part.rows == row)[0]))
        for part in (furniture.train, furniture.validation, furniture.test)
        if part.rows is not None and row in part.rows
    ]
    assert (entry.name, entry.label) == (part.names[i], furniture.classes[part.labels[i]])
    assert isinstance(entry.shape, PointCloud) and entry.shape.label == entry.label
    np.testing.assert_array_equal(entry.shape.xyz, part.points[i])
    again = read(entry.path, dataset=entry.dataset, row=entry.row)
    assert isinstance(again, PointCloud)
    np.testing.assert_array_equal(again.xyz, part.points[i])

    # The oracle for every number of the table is the core on the same shape; every view shows its points.
    specs = [MethodSpec.parse(method) for method in ("random", "farthest_point")]
    rows = compare(PointCloud(part.points[i]), specs, [8], task="classification", up="y").rows
    for ours, theirs in zip(window.table.model.rows, rows, strict=True):
        for column in columns_of(rows):
            if column.key != "seconds":
                assert column.of(ours) == pytest.approx(column.of(theirs), rel=1e-6), column.key
        assert ours.verdict is not None and ours.verdict.label == entry.label
        right = ours.verdict.answer == entry.label
        said = window.table.model.index(
            window.table.model.rows.index(ours), window.table.model.columnCount() - 1
        ).data()
        assert said.endswith(
            "; as labelled" if right else f"; labelled {present(entry.label).replace('_', ' ')}"
        )
    for cell in window.grid.ordered:
        drawn = np.concatenate([positions(layer) for layer in cell.view.scene.layers])
        assert np.isin(part.points[i], drawn.astype(np.float32)).all()

    window.session.undo()
    stepped(qtbot, window)
    active = window.session.document.active
    assert first is not None and active is not None and active.id == first.id
    assert window.dataset.panel.list.currentIndex().row() == 0


def test_classes_parts_and_search_words_filter_the_list(
    browse: Browse, furniture: Dataset, qtbot: QtBot
) -> None:
    window = browse()
    panel = window.dataset.panel
    parts = (furniture.train, furniture.validation, furniture.test)
    everything = [
        (name, furniture.classes[label])
        for part in parts
        for name, label in zip(part.names, part.labels, strict=True)
    ]
    assert sorted(shown(window)) == sorted(everything)

    def choose(box: object, data: str) -> None:
        box.setCurrentIndex(box.findData(data))  # type: ignore[attr-defined]
        box.activated.emit(box.currentIndex())  # type: ignore[attr-defined]

    choose(panel.filter.label, "chair")
    assert sorted(shown(window)) == sorted(one for one in everything if one[1] == "chair")
    choose(panel.filter.part, "test")
    chairs = [
        (name, "chair")
        for name, label in zip(furniture.test.names, furniture.test.labels, strict=True)
        if furniture.classes[label] == "chair"
    ]
    assert sorted(shown(window)) == sorted(chairs)
    choose(panel.filter.label, "")
    choose(panel.filter.part, "")
    QTest.keyClicks(panel.filter.search, "ARM chair")
    qtbot.waitUntil(lambda: len(shown(window)) < len(everything), timeout=TIMEOUT)
    words = [one for one in everything if all(w in " ".join(one).lower() for w in ("arm", "chair"))]
    assert words and sorted(shown(window)) == sorted(words)


def test_pictures_are_drawn_for_visible_entries(browse: Browse, qtbot: QtBot) -> None:
    window = browse()
    panel = window.dataset.panel
    index = panel.list.shapes.index(0)
    qtbot.waitUntil(lambda: panel.pictures.picture(int(panel.list.shapes.shown[0])) is not None)
    before = panel.list.viewport().grab(panel.list.visualRect(index)).toImage()
    bottom = panel.list.shapes.rowCount() - 1
    panel.list.scrollToBottom()
    qtbot.waitUntil(lambda: panel.pictures.picture(int(panel.list.shapes.shown[bottom])) is not None)
    after = panel.list.viewport().grab(panel.list.visualRect(panel.list.shapes.index(bottom)))
    assert before != after.toImage()
    # The cabinet is in the middle of its picture, so something is drawn there.
    middle = before.width() // 2, before.height() // 3
    dark = before.pixelColor(*middle)
    assert dark.name() != window.theme.colours.panel

    # A change of the theme redraws each picture, even while the last ones are still being drawn.
    panel.list.scrollToTop()
    first = int(panel.list.shapes.shown[0])
    try:
        for mode in ("light", "dark", "light"):
            window.theme.set_mode(mode)
            qtbot.waitUntil(lambda: window.theme.is_settled, timeout=TIMEOUT)
            panel.list.viewport().grab()
        qtbot.waitUntil(lambda: panel.pictures.picture(first) is not None, timeout=TIMEOUT)
        light = panel.list.viewport().grab(panel.list.visualRect(index)).toImage().pixelColor(*middle)
        assert light.name() != window.theme.colours.panel and light.lightness() < dark.lightness()
    finally:
        window.theme.set_mode("dark")


def test_a_shape_that_is_kept_stays_open_beside_the_next(browse: Browse, qtbot: QtBot) -> None:
    window = browse()
    shapes = window.dataset.panel.list
    at = shapes.visualRect(shapes.currentIndex()).center()
    for click in (QTest.mouseClick, QTest.mouseDClick):
        click(shapes.viewport(), Qt.MouseButton.LeftButton, pos=at)
    stepped(qtbot, window)
    [kept] = window.session.document.entries
    press(window, Qt.Key.Key_Right)
    stepped(qtbot, window)
    names = [name for name, _ in shown(window)]
    assert [entry.name for entry in window.session.document.entries] == [kept.name, names[1]]
    assert window.session.document.active != kept
    # Stepping back to it does not open it a second time.
    press(window, Qt.Key.Key_Left)
    stepped(qtbot, window)
    active = window.session.document.active
    assert active is not None and active.id == kept.id and active.visible
    assert len(window.session.document.entries) == 2 and shapes.currentIndex().row() == 0


def small_dataset(folder: Path, broken: bool = False) -> Path:
    """Eight shapes in the layout of ModelNet's HDF5 release."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    (folder / "shape_names.txt").write_text("chair\ntable\n")
    for part, count in (("train", 6), ("test", 2)):
        with h5py.File(folder / f"ply_data_{part}0.h5", "w") as file:
            file["data"] = rng.normal(size=(count, 256, 3)).astype(np.float32)
            file["label"] = (np.arange(count, dtype=np.uint8) % 2)[:, None]
    if broken:
        data = (folder / "ply_data_test0.h5").read_bytes()
        (folder / "ply_data_test0.h5").write_bytes(data[: len(data) // 2])
    return folder


def drop(window: Window, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    button, modifier = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, button, modifier))


def test_a_dropped_folder_is_opened_as_a_dataset_and_undo_closes_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    folder = small_dataset(tmp_path / "release")
    drop(window, folder)
    stepped(qtbot, window)
    assert window.session.document.dataset == str(folder)
    assert [name for name, _ in shown(window)] == [
        *("ply_data_train0[0]", "ply_data_train0[2]", "ply_data_train0[4]", "ply_data_test0[0]"),
        *("ply_data_train0[1]", "ply_data_train0[3]", "ply_data_train0[5]", "ply_data_test0[1]"),
    ]
    while window.session.undo_text:
        window.session.undo()
    assert window.dataset.current_dataset.collection is None and not window.session.document.entries
    window.session.redo()
    stepped(qtbot, window)
    assert len(shown(window)) == 8


def test_a_broken_dataset_gives_one_error_and_the_open_one_stays(
    browse: Browse, qtbot: QtBot, tmp_path: Path
) -> None:
    window = browse()
    drop(window, small_dataset(tmp_path / "broken", broken=True))
    stepped(qtbot, window)
    [(_, text)] = [message for message in window.toasts.messages if message[0] == "error"]
    assert text.startswith("broken: ply_data_test0.h5 is not a whole HDF5 file") and "\n" not in text
    assert window.session.document.dataset == "furniture" and len(shown(window)) == 298


def test_one_broken_file_of_a_dataset_is_named_and_hides_no_other(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    for label in ("cup", "bowl"):
        (tmp_path / "set" / label).mkdir(parents=True)
        for k in range(4):
            np.save(tmp_path / "set" / label / f"{k}.npy", rng.normal(size=(2048, 3)).astype(np.float32))
    (tmp_path / "set" / "bowl" / "2.npy").write_bytes(b"no array")
    window = open_window()
    drop(window, tmp_path / "set")
    stepped(qtbot, window)
    assert sorted(shown(window)) == sorted(
        [*((f"{k}", "bowl") for k in (0, 1, 3)), *((f"{k}", "cup") for k in range(4))]
    )
    [(_, text)] = [message for message in window.toasts.messages if message[0] == "warning"]
    assert text.startswith("set: left out: ") and "2.npy" in text


def test_a_project_remembers_the_dataset(browse: Browse, qtbot: QtBot, tmp_path: Path) -> None:
    folder = small_dataset(tmp_path / "release")
    window = browse()
    drop(window, folder)
    stepped(qtbot, window)
    press(window, Qt.Key.Key_Right, 2)
    stepped(qtbot, window)
    file = tmp_path / "one.apsnet"
    project.save(window.session, file)
    assert '"dataset": "./release"' in file.read_text()
    entry = window.session.document.active
    window.session.open_dataset(None)
    window.opening.open_project(file)
    settle(qtbot, window)
    stepped(qtbot, window)
    assert len(shown(window)) == 8 and not window.session.modified
    active = window.session.document.active
    assert entry is not None and active is not None
    assert (active.name, active.label, active.row) == (entry.name, entry.label, entry.row)
    assert window.dataset.panel.list.currentIndex().row() == 2


def test_reading_can_be_cancelled(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.dataset.current_dataset.open("furniture")
    window.dataset.current_dataset.cancel()
    qtbot.waitUntil(lambda: not window.dataset.current_dataset.reading, timeout=TIMEOUT)
    assert window.dataset.current_dataset.collection is None and window.session.document.dataset is None

"""A scanned room is cut by a click and by the menu, and restored by undo and from a project."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.objects import Segmentation, split_objects
from apsnet_core.editing.steps import Object, edited_cloud
from apsnet_core.files import write
from apsnet_gui.state import project_file as project
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.picking import PickIndex
from apsnet_gui.viewport.projection import project as pixels_of
from apsnet_gui.widgets.form_rows import grouped
from apsnet_gui.window.objects_dialog import ObjectsDialog
from apsnet_gui.window.window import Window
from tests.core.editing.room import FLOOR, FURNITURE, overlap, room
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.narrow import of_kind, present

CLOUD = ("outliers", "duplicates", "planes", "pick-object", "split", "objects-gaps", "objects-density")


@pytest.fixture
def scan(tmp_path: Path) -> str:
    """The room as a file."""
    path = tmp_path / "room.ply"
    write(room().cloud, path)
    return str(path)


def active(window: Window) -> OpenShape:
    return present(window.session.document.active)


def rows_left(entry: OpenShape) -> np.ndarray:
    """The remaining rows of the file, as the project stores them; the cloud must have their coordinates."""
    kept = present(entry.kept)
    rows = np.flatnonzero(kept.mask(len(room().cloud)))
    np.testing.assert_array_equal(of_kind(PointCloud, entry.shape).xyz, room().cloud.xyz[rows])
    return rows


def place_of(window: Window, piece: int) -> QPoint:
    """A pixel that shows a point of that piece of furniture in front of everything else.

    The point is well above the floor, because the program counts the feet of furniture as floor.
    """
    view, cloud = window.view, room().cloud
    standing = (room().truth == piece) & (cloud.xyz[:, 2] + cloud.offset[2] > 100.3)
    shape = of_kind(PointCloud, active(window).shape)
    np.testing.assert_array_equal(shape.xyz, cloud.xyz)
    index = PickIndex(view.scene, view.camera, view.logical)
    for row in np.flatnonzero(standing)[::50]:
        [[x, y]] = pixels_of(view.camera, cloud.xyz[row : row + 1].astype(np.float64), view.logical)[
            0
        ].tolist()
        pick = index.at(round(x), round(y))
        if pick is not None and pick.key == active(window).id and standing[pick.index]:
            return QPoint(round(x), round(y))
    raise AssertionError(f"no point of {FURNITURE[piece][0]} can be seen")


def split(qtbot: QtBot, window: Window) -> ObjectsDialog:
    """Open the list of the current cloud's objects."""
    window.actions_by_id["split"].trigger()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(ObjectsDialog)))
    [dialog] = window.findChildren(ObjectsDialog)
    return dialog


def test_a_click_keeps_only_the_object_under_it(
    qtbot: QtBot, open_window: OpenWindow, scan: str, tmp_path: Path
) -> None:
    window = open_window(scan)
    window.session.look(samples=False)
    settle(qtbot, window)
    whole, up = active(window), active(window).up
    window.actions_by_id["pick-object"].trigger()
    assert window.objects.held
    QTest.keyClick(window.view, Qt.Key.Key_Escape)
    assert not window.objects.held and active(window) is whole
    horse = 5
    at = place_of(window, horse)
    window.actions_by_id["pick-object"].trigger()
    qtbot.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: active(window).kept is not None)
    settle(qtbot, window)
    entry = active(window)
    assert overlap(rows_left(entry), np.flatnonzero(room().truth == horse)) > 0.85
    assert (entry.up, entry.up_by_hand) == (up, whole.up_by_hand)
    result = present(window.session.result)
    assert result.entry == entry.id and len(result.cloud) == entry.count, "remaining points must be sampled"
    assert grouped(entry.count) in window.clouds.facts.remarks.text()

    saved = tmp_path / "p.apsnet"
    project.save(window.session, saved)
    window.session.undo()
    settle(qtbot, window)
    assert active(window) == whole and len(of_kind(PointCloud, active(window).shape)) == len(room().cloud)
    window.session.redo()
    assert active(window) == entry

    again = open_window(str(saved))
    np.testing.assert_array_equal(rows_left(active(again)), rows_left(entry))
    assert active(again) == entry and not again.session.modified
    write(room().cloud[:5000], scan, force=True)
    third = open_window(str(saved))
    [missing] = third.session.document.missing
    assert "it is not the file that was cut" in missing.why and "5,000" in missing.why
    project.save(third.session, saved)
    write(room().cloud, scan, force=True)
    fourth = open_window(str(saved))
    np.testing.assert_array_equal(rows_left(active(fourth)), rows_left(entry))


def test_floor_and_walls_are_removed_and_every_object_opens(
    qtbot: QtBot, open_window: OpenWindow, scan: str
) -> None:
    window = open_window(scan)
    window.actions_by_id["planes"].trigger()
    qtbot.waitUntil(lambda: active(window).kept is not None)
    left = room().truth[rows_left(active(window))]
    assert (left == FLOOR).mean() < 0.05
    assert (left >= 0).sum() > 0.9 * (room().truth >= 0).sum()
    window.session.undo()

    dialog = split(qtbot, window)
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    scanned, *parts = window.session.document.entries
    assert not scanned.visible and all(part.visible for part in parts)
    assert active(window) is parts[0] and len({part.colour for part in parts[:6]}) == 6
    found = [rows_left(part) for part in parts]
    assert [len(rows) for rows in found] == sorted(map(len, found), reverse=True)
    best = [
        max(overlap(rows, np.flatnonzero(room().truth == piece)) for rows in found)
        for piece in range(len(FURNITURE))
    ]
    assert sum(each > 0.7 for each in best) >= len(FURNITURE) - 1, best
    window.session.undo()
    assert [entry.id for entry in window.session.document.entries] == [scanned.id]


def test_a_second_cut_still_stores_rows_of_the_file(qtbot: QtBot, open_window: OpenWindow, scan: str) -> None:
    window = open_window(scan)
    window.actions_by_id["planes"].trigger()
    qtbot.waitUntil(lambda: len(active(window).cuts) == 1)
    before = active(window)
    window.actions_by_id["outliers"].trigger()
    qtbot.waitUntil(lambda: len(active(window).cuts) == 2)
    assert np.isin(rows_left(active(window)), rows_left(before)).all()
    window.actions_by_id["duplicates"].trigger()
    qtbot.waitUntil(lambda: any("nothing to remove" in m.text for m in window.messages.all))
    assert len(active(window).cuts) == 2, "a refused cut changes nothing"


@pytest.fixture
def uneven(tmp_path: Path) -> str:
    """A dense and a sparse ball on a floor; a gap that fits the dense ball breaks up the sparse one."""
    rng = np.random.default_rng(0)
    floor = np.column_stack([rng.uniform(0, 6, (4000, 2)), rng.normal(0, 0.003, 4000)])
    away = rng.normal(size=(2150, 3))
    balls = 0.5 * away / np.linalg.norm(away, axis=1, keepdims=True) + np.array([1.5, 3, 0.7])
    balls[2000:, 0] += 3
    write(PointCloud.from_array(np.concatenate([floor, balls])), tmp_path / "uneven.ply")
    return str(tmp_path / "uneven.ply")


def test_objects_are_separated_by_gaps_or_by_density(
    qtbot: QtBot, open_window: OpenWindow, uneven: str
) -> None:
    """Both ways work in the list, with its gap field, and by a click; the oracle is the core."""
    window = open_window(uneven)
    window.session.stand(active(window).id, "z")
    entry = active(window)
    cloud = of_kind(PointCloud, entry.shape)
    dialog = split(qtbot, window)

    def sizes(how: Segmentation) -> list[int]:
        found = split_objects(cloud, "z", how)
        return [len(found.rows(number)) for number in range(found.count)]

    assert [part.count for part in dialog.chosen] == sizes(Segmentation())

    def shows(gap: float) -> bool:
        return float(dialog.apart.gap.text()) == gap

    chosen = float(dialog.apart.gap.text())
    dialog.apart.way.setCurrentIndex(1)
    dialog.apart.way.activated.emit(1)
    assert not dialog.open_button.isEnabled(), "the listed objects are not yet those by density"
    by_density = sizes(Segmentation(split_objects(cloud, "z").reach, clusters="hdbscan"))
    assert sizes(Segmentation()) != by_density and sum(size > 100 for size in by_density) == 2
    qtbot.waitUntil(lambda: [part.count for part in dialog.chosen] == by_density)
    assert window.actions_by_id["objects-density"].isChecked()
    for typed, then in (("0", chosen), ("0.9", 0.9)):
        dialog.apart.gap.setFocus()
        dialog.apart.gap.selectAll()
        qtbot.keyClicks(dialog.apart.gap, typed)
        QTest.keyClick(dialog.apart.gap, Qt.Key.Key_Return)
        assert dialog.isVisible(), "Enter in the field must not close the dialog"
        qtbot.waitUntil(partial(shows, then))
        qtbot.waitUntil(dialog.open_button.isEnabled)
    assert [part.count for part in dialog.chosen] == sizes(Segmentation(0.9, clusters="hdbscan"))
    dialog.close()
    top = cloud.absolute[4000:][:, 2].argmax() + 4000
    at = tuple(cloud.xyz[top].tolist())
    window.objects.clicked.emit(entry, at)
    qtbot.waitUntil(lambda: len(active(window).cuts) == 1)
    x, y, z = (cloud.offset + at).tolist()
    left = edited_cloud(cloud, [Object(at=(x, y, z), clusters="hdbscan")], "z")
    np.testing.assert_array_equal(of_kind(PointCloud, active(window).shape).xyz, left.xyz)


def test_without_hdbscan_its_choice_says_what_to_install(
    qtbot: QtBot, open_window: OpenWindow, uneven: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsnet_core.extras.find_spec", lambda name: None)
    window = open_window(uneven)
    action = window.actions_by_id["objects-density"]
    assert not action.isEnabled() and "pip install 'apsnet-studio[segment]'" in action.toolTip()
    dialog = split(qtbot, window)
    item = dialog.apart.way.model().index(1, 0)
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert item.data(Qt.ItemDataRole.ToolTipRole) == (
        "HDBSCAN needs scikit-learn: pip install 'apsnet-studio[segment]'"
    )
    dialog.close()


def test_meshes_are_not_cut(open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    assert not any(window.actions_by_id[id].isEnabled() for id in CLOUD)


def check_box(list: QListWidget, row: int) -> QPoint:
    """The centre of a row's check box, as the style places it."""
    option, index = QStyleOptionViewItem(), list.model().index(row, 0)
    list.initViewItemOption(option)
    option.rect = list.visualRect(index)
    list.itemDelegate().initStyleOption(option, index)  # type: ignore[attr-defined]
    return list.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, list).center()


def test_objects_are_listed_by_picture_and_the_checked_ones_open(
    qtbot: QtBot, open_window: OpenWindow, scan: str
) -> None:
    window = open_window(scan)
    whole = active(window)
    dialog = split(qtbot, window)
    qtbot.waitUntil(lambda: dialog.is_drawn)
    items = [dialog.list.item(row) for row in range(dialog.list.count())]
    assert len(items) >= len(FURNITURE) - 1 and grouped(dialog.chosen[0].count) in items[0].text()
    pictures = [item.icon().pixmap(112, 96).toImage() for item in items]
    assert all(any(p.pixelColor(x, 48).alpha() > 0 for x in range(p.width())) for p in pictures)
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=check_box(dialog.list, 1))
    assert len(dialog.chosen) == len(items) - 1 and items[1].checkState() == Qt.CheckState.Unchecked
    chosen = dialog.chosen
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    scanned, *parts = window.session.document.entries
    assert scanned.id == whole.id and not scanned.visible
    assert [part.id for part in parts] == [part.id for part in chosen]
    assert all((part.up, part.up_by_hand) == (whole.up, whole.up_by_hand) for part in parts)
    settle(qtbot, window)
    window.session.undo()
    assert window.session.document.entries == (whole,)

"""A row of the comparison's table as the reference: in the table, in its copies, in the project."""

from __future__ import annotations

import csv
import io
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from apsnet_core.evaluation.comparison.reference import difference
from apsnet_gui.comparison.table_model import FIRST, METHOD, SIZE
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.window.window import Window
from tests.gui.methods import place_of
from tests.gui.window.conftest import settle
from tests.narrow import present

from .conftest import Compare

Role = Qt.ItemDataRole


def methods_shown(window: Window) -> list[str]:
    """The first column, in the order on the screen."""
    rows = window.table.sorted
    return [str(rows.index(row, METHOD).data()) for row in range(rows.rowCount())]


def test_other_rows_show_their_differences_from_the_reference(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,farthest_point,voxel", m=16, sizes=(8, 16))
    before = {row.label + str(row.m): row for row in window.table.model.rows}
    place = place_of("farthest_point", 1)
    window.grid.edits.select(place)
    window.actions_by_id["pin"].trigger()
    settle(qtbot, window)
    model, colours = window.table.model, window.theme.colours
    assert window.session.document.lineup.pinned == place and window.table.pin.isChecked()
    reference = present(model.reference)
    assert (reference.label, reference.m) == ("Farthest point", 16) and len(model.rows) == len(before)
    judged = set()
    for at, row in enumerate(model.rows):
        for number, column in enumerate(model.columns, FIRST):
            index = model.index(at, number)
            shown = difference(column, row, reference)
            expected = column.number(row) if row is reference else shown.text
            assert index.data() == expected, (row.label, column.key)
            colour = index.data(Role.ForegroundRole)
            if row is reference or shown.better is None:
                assert colour is None
                continue
            judged.add(shown.better)
            assert colour == QColor(colours.accent if shown.better else colours.danger)
            assert (
                str(index.data(Role.ToolTipRole))
                .splitlines()[0]
                .endswith("which is better." if shown.better else "which is worse.")
            )
    assert judged == {True, False}

    header = window.table.table.horizontalHeader()
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    for at, order in ((SIZE, up), (SIZE, down), (FIRST, up), (FIRST, down), (-1, up)):
        header.setSortIndicator(at, order)
        assert methods_shown(window)[0] == "Farthest point · reference"
        assert [name.endswith("reference") for name in methods_shown(window)].count(True) == 1

    window.table.copy_as(".csv")
    lines = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    one = before["Voxel8"]
    [line] = [line for line in lines if (line["method"], line["m"]) == ("voxel", "8")]
    assert float(line["coverage_difference [share]"]) == pytest.approx(one.coverage - reference.coverage)
    for suffix, mark in ((".md", "Δ"), (".tex", r"$\Delta$"), (".json", "coverage_difference")):
        window.table.copy_as(suffix)
        assert mark in QGuiApplication.clipboard().text(), suffix

    window.session.undo()
    settle(qtbot, window)
    assert window.table.model.reference is None and not window.table.pin.isChecked()
    assert not any(name.endswith("reference") for name in methods_shown(window))


def test_the_reference_is_kept_in_the_project_and_follows_its_size(compare: Compare) -> None:
    window = compare("chair", "random,voxel", m=8, sizes=(8,))
    window.actions_by_id["pin"].trigger()
    session = window.session
    session.line_up("Change the sizes", sizes=(4, 8))
    assert session.document.lineup.pinned == place_of("random", 1)
    values = json.loads(json.dumps(to_json(session.document)))
    assert from_json(values, {}).lineup == session.document.lineup
    values["lineup"]["layout"] = "pile"
    with pytest.raises(ProjectError, match="layout"):
        from_json(values, {})
    session.line_up("Change the sizes", sizes=(4,))
    assert session.document.lineup.pinned is None
    session.undo()  # quick changes of the sizes are one step
    assert session.document.lineup.pinned == place_of("random")
    session.line_up("Remove a method", methods=session.document.lineup.methods[1:])
    assert session.document.lineup.pinned is None

"""Many methods side by side: the one a person had is among them, and each is known by its name."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.comparison.toolbar import ComparisonToolbar
from tests.gui.methods import specs
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.narrow import present


def test_the_comparison_begins_with_the_method_one_had(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=MethodSpec("voxel"))
    settle(qtbot, window)
    compare = window.actions_by_id["compare"]
    compare.trigger()
    settle(qtbot, window)
    assert window.session.document.lineup.place.method.name == "voxel"
    compare.trigger()
    settle(qtbot, window)
    assert str(present(window.session.result).sampling.method) == "voxel"


def test_nine_methods_are_told_apart_by_their_names(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    methods = ("random", "farthest_point", "voxel", "snet", "samplenet:g", "samplenet", "apsnet", "apsnet:m")
    window.session.line_up(
        "Compare", shown=True, methods=specs(*methods, "apsnet_kd"), selected=0, sizes=(8, 32)
    )
    settle(qtbot, window)
    names = [cell.header.name.text().replace("\n", " ") for cell in window.grid.ordered[::2]]
    assert len({*names}) == 9
    for cell in window.grid.ordered:
        lines = cell.header.name.text().split("\n")
        widest = max(cell.header.name.fontMetrics().horizontalAdvance(line) for line in lines)
        assert widest <= cell.header.name.width(), cell.header.name.text()
        assert cell.spec.row.about in cell.header.name.toolTip()


def test_any_number_of_points_can_be_compared(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(CHAIR)
    window.session.line_up("Compare", shown=True, methods=specs("random", "voxel"), selected=0)
    settle(qtbot, window)
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (77, True))
    menu = present(window.findChild(ComparisonToolbar)).sizes.menu()
    menu.aboutToShow.emit()
    [action] = [action for action in menu.actions() if action.text() == "Another number…"]
    action.trigger()
    settle(qtbot, window)
    assert window.session.document.sizes == (32, 77)

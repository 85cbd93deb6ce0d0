"""Many methods side by side: the current method is among them, each has its name, and all views fit."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.comparison.method_header import MethodHeader
from apsnet_gui.comparison.toolbar import ComparisonToolbar
from apsnet_gui.style.theme import Theme
from apsnet_gui.window.window import Window
from tests.gui.methods import spec, specs
from tests.gui.patience import TIMEOUT
from tests.gui.window.conftest import CHAIR, OpenWindow, settle
from tests.narrow import present


def test_a_comparison_starts_with_the_current_method(qtbot: QtBot, open_window: OpenWindow) -> None:
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


TWELVE = ("random", "farthest_point", "voxel", "snet:g", "snet:m", "samplenet:g", "samplenet:m", "apsnet:g",
          "apsnet:m", "apsnet_kd:g", "apsnet_kd:m", "random#3")  # fmt: skip


@pytest.mark.parametrize("count", [3, 12])
def test_methods_and_sizes_are_named_once_each_at_the_edges(
    qtbot: QtBot, open_window: OpenWindow, count: int
) -> None:
    window = open_window(CHAIR)
    window.resize(1600, 1000)
    sizes = (8, 32, 100, 257)
    window.session.line_up("Compare", shown=True, methods=specs(*TWELVE[:count]), selected=0, sizes=sizes)
    settle(qtbot, window)
    heads = window.grid.heads
    names = [head.name.text().replace("\n", " ") for head in heads.methods.values()]
    assert len(names) == len({*names}) == count
    for head, method in zip(heads.methods.values(), specs(*TWELVE), strict=False):
        widest = max(map(head.name.fontMetrics().horizontalAdvance, head.name.text().split("\n")))
        assert widest <= head.name.width(), head.name.text()
        assert method.row.about in head.name.toolTip()
        assert heads.at(head.geometry().center()) == method
    assert [label.text().split()[0] for label in heads.sizes] == list(map(str, sizes))
    for cell in window.grid.ordered:
        assert not cell.header.name.isVisible() and not cell.view.caption.title
        part = present(cell.part)
        if part.result is None:
            assert cell.message.toolTip() and not cell.message.visibleRegion().isEmpty()
        else:
            for said in (cell.header.words.text(), cell.view.accessibleName()):
                assert str(present(present(part.row).verdict).answer) in said

    window.grid.set_alone(window.grid.ordered[1].place)
    settle(qtbot, window)
    alone = window.grid.ordered[1]
    assert alone.header.name.isVisible() and alone.header.words.text().startswith("32 · ")
    assert not any(head.isVisible() for head in (*heads.methods.values(), *heads.sizes))
    window.session.line_up("One size", sizes=(16,), row=0)
    settle(qtbot, window)
    assert not heads.methods and not heads.sizes


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


def test_in_a_small_window_the_table_leaves_enough_room_for_the_views(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    window.resize(1600, 1000)
    window.session.line_up("Compare", shown=True, methods=specs(*TWELVE[:8]), selected=0, sizes=(8, 32, 100))
    settle(qtbot, window)
    window.resize(1280, 720)
    settle(qtbot, window)
    views_are_whole(window)


def test_five_methods_at_five_sizes_fit_a_small_screen(qtbot: QtBot, open_window: OpenWindow) -> None:
    """The panels beside and below the views are visible too."""
    window = open_window(CHAIR)
    window.session.line_up(
        "Compare", shown=True, methods=specs(*TWELVE[:5]), selected=0, sizes=(2, 4, 6, 8, 16)
    )
    settle(qtbot, window)
    assert window.docks["Table"].isVisible() and window.docks["Sampling"].isVisible()
    window.resize(1024, 676)  # leaves room for a title bar
    settle(qtbot, window)
    assert (window.width(), window.height()) == (1024, 676)
    heads = window.grid.heads.methods.values()
    assert all(head.name.width() >= head.name.sizeHint().width() for head in heads)
    views_are_whole(window)


def views_are_whole(window: Window) -> None:
    """Each view must be inside its cell, and each cell inside the grid."""
    sampled = [cell for cell in window.grid.ordered if cell.view.isVisible()]
    assert sampled
    for cell in sampled:
        assert cell.rect().contains(cell.view.geometry().translated(present(cell.view.parentWidget()).pos()))
        assert window.grid.rect().contains(cell.geometry())


def test_the_panel_below_the_view_returns_after_the_comparison(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.docks.show("Attention")
    settle(qtbot, window)
    attention, size = window.docks["Attention"], window.view.size()
    window.actions_by_id["compare"].trigger()
    settle(qtbot, window)
    assert not window.docks["Table"].visibleRegion().isEmpty() and attention.visibleRegion().isEmpty()
    window.actions_by_id["compare"].trigger()
    settle(qtbot, window)
    assert not attention.visibleRegion().isEmpty()
    assert abs(window.view.height() - size.height()) <= 2 and window.view.width() == size.width()


def test_a_name_is_measured_in_the_font_that_draws_it(qtbot: QtBot, theme: Theme) -> None:
    header = MethodHeader(spec("snet_progressive"), theme, lambda _: None)
    qtbot.addWidget(header)
    header.resize(600, 40)
    with qtbot.waitExposed(header, timeout=TIMEOUT):
        header.show()
    name = header.name
    bold = QFont(header.font())
    bold.setWeight(QFont.Weight.DemiBold)
    assert name.font().weight() == QFont.Weight.DemiBold
    assert name.width() > QFontMetrics(bold).horizontalAdvance(name.text())
    header.set_narrow(True)
    assert name.font().weight() == QFont.Weight.Normal

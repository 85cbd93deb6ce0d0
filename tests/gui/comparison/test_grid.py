"""Several sizes of several methods at once, and one method beside itself with another seed."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.comparison import report as reporting
from apsnet_gui.comparison.grid_layout import layout_matrix
from apsnet_gui.comparison.toolbar import ComparisonToolbar
from apsnet_gui.state.document import Document
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.viewport.scene import SphereLayer
from tests.gui.methods import place_of, spec, specs
from tests.gui.window.conftest import settle
from tests.narrow import of_kind, present

from .conftest import Compare, noted_rollouts
from .test_comparison import check_rows, expected


def test_every_method_is_shown_at_every_size(
    qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    methods, rolled = "farthest_point,apsnet,apsnet:m", noted_rollouts(monkeypatch)
    window = compare("chair", methods, m=8, sizes=(8, 32, 128))
    assert rolled == [128]  # one rollout serves both variants at all sizes
    session, results = window.session, window.results
    check_rows(window.table.model.rows, expected("chair", methods, 8, 32, 128))
    cells = window.grid.ordered
    assert len({cell.pos().x() for cell in cells}) == len({cell.pos().y() for cell in cells}) == 3
    for cell in cells:
        assert cell.part is not None and cell.part.result is not None
        m = session.document.sizes[cell.place.row]
        assert cell.part.result.sampling.m == m
        assert of_kind(SphereLayer, cell.view.scene.layers[-1]).centers.shape == (m, 3)

    kept = {place: part for place, part in results.parts.items() if place.row != 1}
    rolled.clear()
    window.grid.edits.select(place_of("apsnet", 1))
    assert session.document.choice.m == 32 and session.document.choice.method == "apsnet"
    window.sampling.choose(m=40)  # changes the selected size for every method
    settle(qtbot, window)
    assert session.document.sizes == (8, 40, 128) and rolled == []
    assert all(results.parts[place] is part for place, part in kept.items())
    check_rows(window.table.model.rows, expected("chair", methods, 8, 40, 128))
    assert session.result is not None and session.result.sampling.m == 40

    before = results.parts[place_of("apsnet", 2)]
    session.line_up("Change the sizes", sizes=(8, 128), row=0)
    settle(qtbot, window)
    assert results.parts[place_of("apsnet", 1)].row is before.row  # it moved up, and was not computed again
    assert session.document.choice.m == 8
    session.undo()
    settle(qtbot, window)
    assert session.document.sizes == (8, 40, 128) and len(window.grid.cells) == 9


def test_at_most_one_view_is_made_in_a_round_of_the_event_loop(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,voxel,farthest_point,samplenet", m=8)
    session, happened = window.session, list[str]()
    session.line_up("Leave", shown=False)
    settle(qtbot, window)
    window.grid.made.connect(lambda _: happened.append("view"))
    window.grid.made.connect(lambda _: QTimer.singleShot(0, lambda: happened.append("round")))
    session.line_up("Compare", shown=True)
    assert window.grid.selected is not None and window.view is window.grid.selected.view  # at once
    settle(qtbot, window)
    assert len(window.grid.ordered) == happened.count("view") == 4
    assert ("view", "view") not in pairwise(happened)


def test_a_method_is_compared_with_itself_with_another_seed(qtbot: QtBot, compare: Compare) -> None:
    window = compare("table", "random,voxel", m=16)
    window.grid.edits.add(spec("random#1"), after=spec("random"))
    settle(qtbot, window)
    assert window.session.document.lineup.methods == specs("random", "random#1", "voxel")
    cloud, _ = open_cloud(asset("shapes", "table.obj"))
    for cell, seed in zip(window.grid.ordered, (0, 1), strict=False):
        assert cell.part is not None and cell.part.result is not None
        assert cell.part.result.sampling.indices is not None
        wanted = create(MethodSpec("random")).sample(cloud, 16, seed)
        np.testing.assert_array_equal(cell.part.result.sampling.points, wanted.points)
    assert window.grid.ordered[1].header.name.text() == "Random (seed 1)"
    window.grid.ordered[0].view.setFocus()
    qtbot.mouseClick(window.grid.ordered[1].header, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is window.grid.ordered[1].view
    assert window.session.document.lineup.selected == 1
    assert window.table.model.index(1, 0).data() == "Random (seed 1)"
    window.sampling.next_seed()  # changes only the selected view
    assert window.session.document.lineup.methods == specs("random", "random#2", "voxel")
    assert window.session.document.choice.seed == 0
    question = window.comparing.question()
    assert question is not None
    assert "random,random#2,voxel" in reporting.command(question, [16])


def test_sizes_and_seeds_are_saved_with_a_project() -> None:
    document = Document().with_lineup(
        methods=specs("voxel", "random#4"), selected=1, sizes=(8, 32), row=1, shown=True
    )
    assert document.choice.m == 32 and document.choice.spec.seed == 4
    values = json.loads(json.dumps(to_json(document)))
    assert from_json(values, {}) == document
    for name in ("sizes", "row"):  # as in a project from before there were sizes
        del values["lineup"][name]
    del values["choice"]["spec"]  # and in which a method was stored in parts
    values["choice"] |= {"method": "apsnet", "variant": "m", "weights": None, "own_seed": 4}
    old = from_json(values, {})
    assert (old.sizes, old.choice.spec) == ((32,), spec("apsnet:m#4"))
    values["lineup"]["sizes"] = [8, "many"]
    with pytest.raises(ProjectError, match="sizes"):
        from_json(values, {})


@pytest.mark.parametrize(
    ("methods", "sizes", "room"),
    [(6, 3, (1200, 700)), (2, 4, (1200, 500)), (3, 2, (500, 900)), (12, 4, (1080, 530))],
)
def test_methods_and_sizes_each_have_one_header(methods: int, sizes: int, room: tuple[int, int]) -> None:
    matrix = layout_matrix(methods, sizes, QSize(*room), method=QSize(120, 40), size=QSize(50, 24))
    places = [*matrix.methods, *matrix.sizes, *matrix.views]
    assert (len(matrix.methods), len(matrix.sizes), len(matrix.views)) == (methods, sizes, methods * sizes)
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
    assert all(QRect(QPoint(), QSize(*room)).contains(place) for place in places)

    def in_line(head: QRect, view: QRect) -> bool:
        return (head.left(), head.right()) == (view.left(), view.right()) or (head.top(), head.bottom()) == (
            view.top(),
            view.bottom(),
        )

    for i in range(methods):
        for j in range(sizes):
            view = matrix.views[i * sizes + j]
            assert [in_line(head, view) for head in matrix.methods] == [k == i for k in range(methods)]
            assert [in_line(head, view) for head in matrix.sizes] == [k == j for k in range(sizes)]


def test_a_narrow_toolbar_hides_the_choice_of_the_task_net(qtbot: QtBot, compare: Compare) -> None:
    bar = present(compare("chair", "random,farthest_point", m=8).findChild(ComparisonToolbar))
    around = QWidget()
    qtbot.addWidget(around)
    bar.setParent(around)
    bar.show()
    around.show()
    for width, there in ((bar.minimumSizeHint().width(), False), (1400, True)):
        bar.resize(width, bar.height())
        assert bar.net.isVisibleTo(bar) == there
        assert present(bar.layout()).minimumSize().width() <= width

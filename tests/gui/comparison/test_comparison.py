"""Methods side by side in the real window, drawn by the real renderer."""

from __future__ import annotations

import csv
import io
import json
import shlex
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.cli.app import run as apsnet
from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.compare import compare as core_compare
from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.registry import method_colour
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.classification import Classification
from apsnet_core.tasks.reconstruction import Reconstruction
from apsnet_core.tasks.registration import Registration
from apsnet_gui.comparison.files import plot_file
from apsnet_gui.comparison.grid import VERSIONS
from apsnet_gui.comparison.results import likeliest
from apsnet_gui.comparison.toolbar import ComparisonToolbar
from apsnet_gui.state.document import Document
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.window.window import Window
from tests.gui.methods import place_of, spec, specs
from tests.gui.pictures import pixels, samples_seen
from tests.gui.window.conftest import settle
from tests.narrow import of_kind, present

from .conftest import Compare, noted_rollouts

SIX = "random,farthest_point,voxel,samplenet,apsnet,apsnet:m"


def expected(shape: str, methods: str, *sizes: int, task: str = "classification") -> list[ComparisonRow]:
    """The oracle: the core's own numbers."""
    cloud, _ = open_cloud(asset("shapes", shape + ".obj"))
    specs = [MethodSpec.parse(method) for method in methods.split(",")]
    return core_compare(cloud, specs, sizes, task=task, up="y").rows


def check_numbers(window: Window, rows: list[ComparisonRow]) -> None:
    """The table must show the core's numbers."""
    check_rows(window.table.model.rows, rows)


def check_rows(shown: list[ComparisonRow], rows: list[ComparisonRow]) -> None:
    """The rows ``shown`` must equal the core's, except for the time of a run."""
    assert [row.method for row in shown] == [row.method for row in rows]
    for ours, theirs in zip(shown, rows, strict=True):
        assert ours.m == theirs.m
        for column in columns_of(rows):
            if column.key != "seconds":
                assert column.of(ours) == pytest.approx(column.of(theirs), rel=1e-6), (
                    ours.method,
                    column.key,
                )
        assert ours.verdict is not None and theirs.verdict is not None
        assert ours.verdict.answer == theirs.verdict.answer


def test_six_methods_fill_their_views_and_the_table(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", SIX)
    assert [str(cell.place.method) for cell in window.grid.ordered] == SIX.split(",")
    check_views(window, expected("chair", SIX, 32))
    window.theme.set_scale(125)
    try:
        settle(qtbot, window)
        assert window.table.table.horizontalScrollBar().maximum() == 0
    finally:
        window.theme.set_scale(100)
    for shape in ("toilet", "umbrella"):
        window.opening.open_paths([str(asset("shapes", shape + ".obj"))])
        settle(qtbot, window)
        check_views(window, expected(shape, SIX, 32))


def check_views(window: Window, rows: list[ComparisonRow]) -> None:
    """The table, the visible samples and the texts above them must agree with the core's ``rows``."""
    check_numbers(window, rows)
    for cell, row in zip(window.grid.ordered, rows, strict=True):
        assert cell.part is not None and cell.part.result is not None and row.verdict is not None
        colour = method_colour(cell.spec.name)
        assert samples_seen(cell.view, cell.part.result.sampling, colour) > 0.6, cell.place
        for said in (cell.header.words.text(), cell.view.accessibleName()):
            assert str(row.verdict.answer).replace("_", " ") in said
        assert cell.view.caption.title == "", "no text may cover the shape"


def test_all_views_show_their_texts_in_the_same_place(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "farthest_point,snet,samplenet,apsnet")
    cells = window.grid.ordered
    longest = max(cell.width_for_words() for cell in cells)
    needed = sorted(cell.width_for_words(VERSIONS - 1) for cell in cells)
    assert needed[0] < needed[-1] - 8 and needed[-1] < longest - 8
    seen: list[tuple[bool, int]] = []
    # Wide enough for all long texts in this font, for all short ones, for some short ones, and for none.
    for width in (longest + 8, needed[-1] + 8, needed[-1] - 8, needed[0] - 8):
        window.grid.setFixedSize(2 * width, round(1.5 * width))  # two columns
        settle(qtbot, window)
        assert abs(cells[0].width() - width) <= 4
        assert all(cell.header.words.text() and not cell.view.caption.title for cell in cells)
        below = {cell.header.words.y() >= cell.header.name.geometry().bottom() for cell in cells}
        parts = {cell.header.words.text().count(" · ") for cell in cells}
        assert len(below) == len(parts) == 1, width
        seen.append((not below.pop(), parts.pop()))
    assert seen == [(True, 1), (True, 0), (False, 1), (False, 1)]


def test_a_smaller_m_updates_all_views_without_another_rollout(
    qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = compare("toilet", "farthest_point,apsnet,apsnet:m", m=64)
    rolled = noted_rollouts(monkeypatch)
    for m in (50, 40, 16):  # faster than they can be computed: only the last one counts
        window.session.choose(m=m)
    settle(qtbot, window)
    assert rolled == []
    check_numbers(window, expected("toilet", "farthest_point,apsnet,apsnet:m", 16))
    assert window.session.result is not None and window.session.result.sampling.m == 16


def test_swap_reorder_remove_add_maximise_and_undo(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,farthest_point,voxel")
    grid, session = window.grid, window.session

    def methods() -> tuple[str, ...]:
        return tuple(map(str, session.document.lineup.methods))

    kept = window.results.parts[place_of("farthest_point")]
    grid.edits.swap(spec("random"), spec("apsnet"))
    settle(qtbot, window)
    assert methods() == ("apsnet", "farthest_point", "voxel")
    assert (
        window.results.parts[place_of("farthest_point")] is kept
    )  # an unchanged method is not computed again
    assert session.document.choice.method == "apsnet"  # the panels follow the selection
    grid.edits.place_at(spec("voxel"), 0)
    assert methods() == ("voxel", "apsnet", "farthest_point")
    grid.edits.remove(spec("farthest_point"))
    grid.edits.add(spec("random"))
    settle(qtbot, window)
    assert methods() == ("voxel", "apsnet", "random")
    assert {str(place.method) for place in window.results.parts} == set(methods())

    header = grid.cells[place_of("apsnet")].header
    QTest.mouseDClick(header, Qt.MouseButton.LeftButton, pos=QPoint(header.width() // 2, 4))
    assert [cell.isVisible() for cell in grid.ordered] == [False, True, False]
    assert grid.cells[place_of("apsnet")].width() == grid.width()
    QTest.keyClick(grid.cells[place_of("apsnet")].view, Qt.Key.Key_Escape)
    assert all(cell.isVisible() for cell in grid.ordered)

    window.sampling.choose(spec=spec("farthest_point"))
    assert "farthest_point" in methods() and "apsnet" not in methods()
    while session.undo_text and session.undo_text != "Open chair":
        session.undo()
    settle(qtbot, window)
    assert methods() == ("random", "farthest_point", "voxel")


def test_a_click_in_the_table_selects_and_columns_sort(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,farthest_point,voxel")
    table = window.table.table
    window.table.sorted.sort(2)
    values = [window.table.sorted.index(row, 2).data() for row in range(3)]
    assert values == sorted(values, key=float)
    for row in range(3):
        place = table.visualRect(window.table.sorted.index(row, 3)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        label = window.table.sorted.index(row, 0).data()
        selected = window.grid.selected
        assert selected is not None and selected.spec.label == label
        assert selected.property("selected")


def test_copies_and_files_are_parsed_back(qtbot: QtBot, compare: Compare, tmp_path: Path) -> None:
    window = compare("bed", "random,farthest_point,apsnet", m=16)
    rows = window.table.model.rows
    window.table.copy_as(".csv")
    read = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [line["method"] for line in read] == [row.method for row in rows]
    chamfer = [float(line["chamfer [units²]"]) for line in read]
    np.testing.assert_array_equal(chamfer, [row.chamfer for row in rows])
    window.table.copy_as(".md")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[2].startswith("| Random | 16 |")
    best = min(rows, key=lambda row: row.chamfer)
    assert f"**{best.chamfer:.4g}**" in lines[2 + rows.index(best)]
    model = window.table.model
    heads = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    [at] = [i for i, head in enumerate(heads) if head.startswith("Chamfer")]
    bold = [model.index(row, at).data(Qt.ItemDataRole.FontRole) is not None for row in range(len(rows))]
    assert bold == [row.chamfer == best.chamfer for row in rows]

    next(dock for dock in window.docks if dock.widget() is window.curves).raise_()
    settle(qtbot, window)
    curves = {(row.method, row.m): row for row in window.results.curves}
    assert {m for _, m in curves} == {8, 16, 32, 64, 128}
    assert curves["apsnet", 16].chamfer == pytest.approx(rows[2].chamfer)
    plot = present(window.curves.plot).plotItem
    assert len(plot.listDataItems()) == 3
    names, room = (item.mapRectToScene(item.boundingRect()) for item in (plot.legend, plot.vb))
    assert names.left() >= room.right(), "the legend must be beside the curves"
    look = {"width": "column", "theme": "print", "font": "serif"}
    for suffix in ("pdf", "svg", "png", "csv"):
        window.commands.comparing.write_plot(
            list(window.results.curves), "coverage", look, tmp_path / f"plot.{suffix}"
        )
    settle(qtbot, window)
    assert QImage(str(tmp_path / "plot.png")).width() == 990  # 3.3 inches of 300 pixels
    assert ElementTree.parse(tmp_path / "plot.svg").getroot().tag.endswith("svg")
    assert (tmp_path / "plot.pdf").read_bytes().startswith(b"%PDF")
    with (tmp_path / "plot.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(curves)
    with pytest.raises(ValueError, match=r"pdf, svg, png or csv, not as '\.bmp'"):
        plot_file(window.results.curves, "coverage", look, tmp_path / "plot.bmp")


def test_the_report_equals_the_one_that_its_command_writes(
    qtbot: QtBot, compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = compare("chair", "random#3,snet,apsnet", m=20)
    assert window.results.parts[place_of("snet")].result is None  # it has no weights
    window.session.change_what_if("noise", change=Perturbation(1, 20, (0, 10, 0)))
    settle(qtbot, window)
    question = window.comparing.question()
    assert question is not None
    window.commands.comparing.write_report(question, tmp_path)
    settle(qtbot, window)
    table = json.loads((tmp_path / "table.json").read_text())
    assert [(row["method"], row["variant"], row["seed"], row["weights"]) for row in table["rows"]] == [
        ("random", None, 3, None), ("snet", "m", None, None), ("apsnet", "g", 0, "classification-apsnet"),
    ]  # fmt: skip
    assert {row["m"] for row in table["rows"]} == {20}, "only the requested size"
    assert ["snet has no weights" in (row["failure"] or "") for row in table["rows"]] == [False, True, False]
    page = (tmp_path / "index.html").read_text()
    assert "<img" in page
    for what, weights in (("APSNet-G", "classification-apsnet"), ("Task net", "classification-pointnet")):
        assert f"<tr><th>{what}</th><td class=words>{weights}</td>" in page

    program, *words = shlex.split(table["about"]["command"])
    assert program == "apsnet"
    monkeypatch.chdir(tmp_path)
    assert apsnet(words) == 1  # because S-NET has no weights
    again = json.loads((tmp_path / "report" / "table.json").read_text())
    for first, second in zip(table["rows"], again["rows"], strict=True):
        assert first.keys() == second.keys()
        for key in first.keys() - {"seconds", "seconds_low", "seconds_high", "runs"}:
            number = isinstance(first[key], float)
            assert first[key] == (pytest.approx(second[key], rel=1e-6) if number else second[key])


def test_a_method_that_cannot_sample_shows_the_reason_in_its_view(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,samplenet", m=20)
    cell = window.grid.cells[place_of("samplenet")]
    assert cell.message.isVisible() and "at 20 points" in cell.message.text()
    assert "`" not in cell.message.text()
    window.session.line_up("Weights that are gone", methods=specs("apsnet@gone", "random"))
    settle(qtbot, window)
    said = window.grid.cells[place_of("apsnet@gone")].message.text()
    assert said.endswith("see apsnet weights list."), "a command must not be read as a method"
    missing = window.table.model.index(1, 2)
    assert missing.data() == "–"


def test_an_unsure_answer_is_shown_as_a_guess(compare: Compare) -> None:
    window = compare("motorbike", "random", m=64)
    answer = of_kind(Classification, present(window.results.whole).answer)
    assert answer.top(1)[0][1] < 0.5
    assert likeliest(answer).startswith("not sure: best guess ")


def test_a_shape_unlike_the_training_gets_a_warning(qtbot: QtBot, compare: Compare) -> None:
    window = compare("piano", "farthest_point", m=64)
    said = present(window.findChild(ComparisonToolbar, "comparisonToolbar")).whole
    cell = window.grid.cells[place_of("farthest_point")]
    assert window.results.whole is not None
    assert of_kind(Classification, window.results.whole.answer).top(1)[0][1] > 0.5  # the net is confident
    assert said.text().startswith("Full cloud: unlike its training: best guess desk ")
    assert "\nThis shape is unlike the shapes that the task net was trained on" in said.toolTip()
    assert said.property("role") == "warning"
    assert "64 · unlike its training" in cell.view.accessibleName()
    assert window.sampling.result.answer.text.endswith("do not trust the answer.")
    window.opening.open_paths([str(asset("shapes", "chair.obj"))])
    settle(qtbot, window)
    assert said.text().startswith("Full cloud: chair ")
    assert (said.property("role"), present(window.session.answer).warning) == ("", None)


def test_a_comparison_is_saved_with_its_project() -> None:
    document = Document().with_lineup(methods=specs("voxel", "apsnet:m"), selected=1, shown=True)
    assert document.choice.spec == spec("apsnet:m")
    assert from_json(json.loads(json.dumps(to_json(document))), {}) == document
    damaged = to_json(document)
    damaged["lineup"]["methods"] = [["voxel"]]
    with pytest.raises(ProjectError, match=r"lineup\.methods\.0 is 1 values: it should be a valid string"):
        from_json(damaged, {})


@pytest.mark.parametrize("task", ["registration", "reconstruction"])
def test_the_answer_of_the_task_net_is_drawn(qtbot: QtBot, compare: Compare, task: str) -> None:
    methods = "farthest_point,apsnet"
    window = compare("table", methods, m=16, task=task)
    check_numbers(window, expected("table", methods, 16, task=task))
    window.session.line_up("Show the answer", show="answer")
    settle(qtbot, window)
    for cell in window.grid.ordered:
        assert cell.part is not None
        keys = ("copy", "rebuilt")
        [layer] = [layer for layer in cell.view.scene.layers if layer.key in keys]
        answer = cell.part.answer
        points = (
            answer.aligned if isinstance(answer, Registration) else of_kind(Reconstruction, answer).points
        )
        np.testing.assert_array_equal(of_kind(PointLayer, layer).xyz, points)
        assert cell.view.frame is not None and pixels(cell.view.frame.image).std() > 1


def test_only_methods_with_replaced_weights_are_sampled_again(
    qtbot: QtBot, compare: Compare, tmp_path: Path
) -> None:
    learning = tmp_path / "learning.safetensors"
    shutil.copyfile(asset("weights", "classification-apsnet.safetensors"), learning)
    methods = f"farthest_point,apsnet@{learning}"
    window = compare("chair", methods, m=8)
    before = [window.results.parts[place_of(method)].result for method in methods.split(",")]
    shutil.copyfile(asset("weights", "classification-apsnet-8.safetensors"), learning)
    window.comparing.renew(str(learning))
    settle(qtbot, window)
    after = [window.results.parts[place_of(method)].result for method in methods.split(",")]
    assert after[0] is before[0] and after[1] is not before[1]
    check_numbers(window, expected("chair", methods, 8))

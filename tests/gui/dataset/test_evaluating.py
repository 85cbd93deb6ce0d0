"""An evaluation over the bundled furniture in the real window; the oracle is the same one by the shell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from apsnet_core.datasets import Dataset, open_dataset
from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.table.differences import Difference
from apsnet_core.evaluation.table.facing import turned
from apsnet_core.evaluation.table.held_out import HeldOut, open_held_out
from apsnet_core.evaluation.table.leaders import leaders
from apsnet_core.evaluation.table.pairs import Pair
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import summary
from apsnet_gui.dataset.evaluating import EvaluationRequest, disagreeing, evaluate
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.window.window import Window
from tests.core.cli.command import answer
from tests.gui.methods import specs
from tests.gui.window.conftest import TIMEOUT
from tests.narrow import present

from .conftest import Browse

METHODS, SIZES, SHAPES, SEEDS = ("random", "farthest_point"), (4, 8), 9, 2
WANTED = EvaluationRequest(specs(*METHODS), SIZES, "classification", SHAPES, seeds=SEEDS)


def evaluated(window: Window, qtbot: QtBot, until: float = 1.0) -> int:
    """Evaluate, cancel once the fraction ``until`` is done, and return the number of steps."""
    evaluating, steps = window.dataset.evaluating, []

    def look(fraction: float | None, _: str) -> None:
        steps.append(fraction)
        if fraction is not None and until <= fraction < 1:
            present(job).cancel()

    window.background.hold()
    evaluating.run(WANTED)
    job = evaluating.job
    assert job is not None
    job.progressed.connect(look, Qt.ConnectionType.DirectConnection)  # on its thread, to miss no step
    window.background.release()
    qtbot.waitUntil(lambda: evaluating.job is None, timeout=TIMEOUT)
    return sum(fraction is not None for fraction in steps)


def test_an_evaluation_cancelled_half_way_and_resumed_equals_that_of_the_shell(
    browse: Browse, qtbot: QtBot, furniture: Dataset, tmp_path: Path
) -> None:
    window = browse()
    evaluating, panel = window.dataset.evaluating, window.dataset.evaluation
    before = evaluated(window, qtbot, until=0.5)
    assert (
        evaluating.table is None and not panel.export.isVisibleTo(panel) and panel.start.text() == "Evaluate"
    )
    after = evaluated(window, qtbot)
    table = evaluating.table
    assert table is not None
    whole = 1 + len(SIZES) * SEEDS * len(METHODS)  # the full clouds; each seed at each size
    assert whole / 2 <= before < whole and after < whole < before + after

    said = answer(
        "evaluate", "--data", "furniture", "-m", ",".join(METHODS), "-n", "4,8", "--shapes", SHAPES,
        "--seeds", SEEDS, "--paired", "all", "-o", tmp_path / "shell",
    )  # fmt: skip
    assert [(row.method, row.m, row.value, row.spread) for row in table.rows] == [
        (row["method"], row["m"], row["value"], row["spread"]) for row in said["rows"]
    ]
    known = [
        name
        for name, label in zip(furniture.test.names, furniture.test.labels, strict=True)
        if furniture.classes[label] not in table.held_out.left_out
    ]
    assert len(table.held_out) == said["shapes"] == SHAPES
    assert list(table.held_out.names) == [known[i * len(known) // SHAPES] for i in range(SHAPES)]
    cells = panel.results.cells
    shown = {
        (
            cells.index(r, 0).data(),
            cells.headerData(c, Qt.Orientation.Horizontal),
        ): cells.index(r, c).data()
        for r in range(cells.rowCount())
        for c in range(1, cells.columnCount())
    }
    assert shown == {
        (row["label"], f"m = {row['m']}"): (
            f"{100 * row['value']:.1f} ± {100 * row['spread']:.1f}\n"
            f"{100 * row['low']:.1f} to {100 * row['high']:.1f}"
        )
        for row in said["rows"]
    }
    bold = {
        (cells.index(r, 0).data(), SIZES[c - 1])
        for r in range(cells.rowCount())
        for c in range(1, cells.columnCount())
        if cells.index(r, c).data(Qt.ItemDataRole.FontRole) is not None
    }
    assert bold == {
        (pair["first"] if pair["difference"]["value"] > 0 else pair["second"], pair["m"])
        for pair in said["paired"]
        if pair["holm"] < 0.05
    }
    assert [line[:2] for line in panel.results.tests.texts()] == [
        ["Random against Farthest point", str(m)] for m in SIZES
    ]

    # Classes and confusion matrix: the oracle counts the answers one by one.
    results, held_out = panel.results, table.held_out
    results.at_size.setCurrentIndex(1)
    results.at_size.activated.emit(1)
    results.method.setCurrentIndex(results.method.findData("Farthest point"))
    results.method.activated.emit(0)
    told = table.answers["Farthest point", 8].astype(int)
    matrix = [
        [sum((held_out.labels == a) & (told == b)) for b in range(len(held_out.classes))]
        for a in range(len(held_out.classes))
    ]
    counted = [[int(cell or 0) for cell in line[1:]] for line in results.confusion.texts()]
    assert counted == [line for line in matrix if sum(line)] and sum(map(sum, matrix)) == SHAPES
    there = [name for name, line in zip(held_out.classes, matrix, strict=True) if sum(line)]
    [of_fps] = [line for line in results.classes.texts() if line[0] == "Farthest point"]
    [row] = [row for row in said["rows"] if (row["label"], row["m"]) == ("Farthest point", 8)]
    assert of_fps[1:] == [f"{100 * row['per_class'][name]:.1f}" for name in there]

    # The table that has the focus is copied for a spreadsheet.
    window.docks.show("Evaluation")
    window.activateWindow()
    results.scores.setFocus()
    window.actions_by_id["copy"].trigger()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][1:] == [f"m = {m}" for m in SIZES] and len(lines) == 1 + len(METHODS)
    assert {(line[0], lines[0][c]): line[c] for line in lines[1:] for c in (1, 2)} == {
        place: text.replace("\n", " ") for place, text in shown.items()
    }

    # The report of the window equals the shell's.
    evaluating.export(tmp_path / "window")
    qtbot.waitUntil(lambda: not window.background.jobs, timeout=TIMEOUT)
    for name in ("table.csv", "shapes.csv", "table.md"):
        assert (tmp_path / "window" / name).read_text() == (tmp_path / "shell" / name).read_text()

    # Only shapes for which the samples of the two methods got different answers are shown.
    window.dataset.panel.filter.disagree.setChecked(True)
    collection, shapes = window.dataset.current_dataset.collection, window.dataset.panel.list.shapes
    assert collection is not None and table.held_out.rows is not None
    apart = {
        int(row)
        for i, row in enumerate(table.held_out.rows)
        if any(table.answers["Random", m][i] != table.answers["Farthest point", m][i] for m in SIZES)
    }
    assert apart and {int(collection.rows[i]) for i in shapes.shown} == apart

    # The facing of classes can be chosen only for nets that take single clouds.
    assert panel.facing.isEnabled() and "--facing" not in panel.wanted.command("furniture")
    panel.facing.setCurrentIndex(panel.facing.findData("known"))
    assert "--facing known" in panel.wanted.command("furniture")
    window.session.choose(task="registration")
    assert not panel.facing.isEnabled() and "--facing" not in panel.wanted.command("furniture")


def test_classes_are_turned_to_the_facing_of_the_training(tmp_path: Path) -> None:
    """The bundled sofas face another way than those of the training; the notes and the report say so."""
    sofas = open_dataset("furniture", classes=["sofa"])
    wanted = replace(WANTED, methods=specs("farthest_point"), sizes=(8,), most=2, facing="known")
    table = evaluate(sofas, wanted, tmp_path, JobProgress(lambda *_: None))
    assert table.held_out.facing == {"sofa": 3}
    assert any("sofa by 270°" in sentence for sentence in summary(table))
    stored = open_held_out("furniture", task_net("classification"), classes=["sofa"], most=2)
    for shape in range(2):
        assert np.array_equal(table.held_out.cloud(shape), turned(stored.cloud(shape)[None], 3, "z")[0])


def table_of(metric: str, shapes: dict[str, list[float]], answers: dict[str, list[float]]) -> Table:
    """A table of one size and four shapes, which are the rows 10, 20, 30 and 40 of their source."""
    rows = np.array([10, 20, 30, 40])
    names, none = tuple("abcd"), np.zeros(4, np.bool_)
    held_out = HeldOut("four", (), names, np.zeros(4, np.int64), none, [], rows=rows)
    values, told = ({(label, 8): np.array(v) for label, v in given.items()} for given in (shapes, answers))
    runs = {key: once[None] for key, once in values.items()}
    return Table(
        task="a task", metric=metric, net="a net", net_hash="", held_out=held_out, full=1.0,
        full_without_twins=None, rows=[], pairs=[], notes=[], runs=runs, full_shapes=np.ones(4), answers=told,
    )  # fmt: skip


def test_methods_disagree_if_their_answers_differ_whether_right_or_wrong() -> None:
    # Both right; one right; both wrong with the same answer; both wrong with different answers.
    right = {"one": [1.0, 1.0, 0.0, 0.0], "two": [1.0, 0.0, 0.0, 0.0]}
    told = {"one": [3.0, 3.0, 5.0, 5.0], "two": [3.0, 5.0, 5.0, 7.0]}
    assert disagreeing(table_of("accuracy", right, told)) == {20, 40}
    # For an error, methods disagree if the worst is more than twice the best.
    errors = {"one": [1.0, 1.0, 2.1, 0.0], "two": [1.0, 2.0, 1.0, 0.0]}
    assert disagreeing(table_of("nre", errors, {})) == {30}


def test_only_a_method_better_than_every_other_is_bold(qtbot: QtBot) -> None:
    def pair(first: str, second: str, value: float, p: float) -> Pair:
        return Pair(first, second, 8, "", 0, 0, 1.0, Difference(value, 0.0, 0.0, p), None, p)

    def row(label: str, value: float) -> TableRow:
        return TableRow(
            label, None, None, None, label, 8, "accuracy", value, None, 1, 0, 1, None, None, None, {}
        )

    table = table_of("accuracy", {}, {})
    rows = [row("a", 0.9), row("b", 0.8), row("c", 0.1)]
    for p_ab, expected in ((0.01, {("a", 8)}), (0.2, set())):
        pairs = [pair("a", "b", 0.1, p_ab), pair("b", "c", 0.7, 0.001), pair("c", "a", -0.8, 0.001)]
        assert leaders(replace(table, rows=rows, pairs=pairs)) == expected
    # If not all pairs were tested, the best is tested: it wins on one shape in forty, then on all.
    for better, expected in ((1, set()), (40, {("a", 8)})):
        best = np.r_[np.ones(better), np.zeros(40 - better)][None]
        runs = {("a", 8): best, ("b", 8): 0 * best, ("c", 8): 0 * best}
        told = replace(table, rows=rows, pairs=[pair("a", "b", 0.1, 0.01)], runs=runs)
        assert leaders(told) == expected
    assert leaders(replace(table, rows=rows[:1])) == set()

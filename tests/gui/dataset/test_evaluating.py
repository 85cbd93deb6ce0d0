"""The compared methods over the bundled furniture, in the real window, against the same from the shell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.datasets import Dataset
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.table import Table
from apsnet_gui.dataset.evaluating import EvaluationRequest, disagreeing
from apsnet_gui.window.window import Window
from tests.core.cli.command import answer
from tests.gui.methods import specs
from tests.gui.window.conftest import TIMEOUT
from tests.narrow import present

from .conftest import Browse

METHODS, SIZES, SHAPES = ("random", "farthest_point"), (4, 8), 9
WANTED = EvaluationRequest(specs(*METHODS), SIZES, "classification", SHAPES)


def evaluated(window: Window, qtbot: QtBot, until: float = 1.0) -> int:
    """Evaluate, cancelled once that much is done; how many steps it took."""
    evaluating, steps = window.dataset.evaluating, []

    def look(fraction: float | None, _: str) -> None:
        steps.append(fraction)
        if fraction is not None and until <= fraction < 1:
            present(job).cancel()

    window.background.hold()
    evaluating.run(WANTED)
    job = evaluating.job
    assert job is not None
    job.progressed.connect(look, Qt.ConnectionType.DirectConnection)  # where it works, so that none is missed
    window.background.release()
    qtbot.waitUntil(lambda: evaluating.job is None, timeout=TIMEOUT)
    return sum(fraction is not None for fraction in steps)


def test_cancelled_half_way_and_resumed_it_is_the_table_of_the_shell(
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
    whole = 1 + len(SIZES) * 3 * len(METHODS)  # the full clouds, and three seeds of each method at each size
    assert whole / 2 <= before < whole and after < whole < before + after

    said = answer(
        "evaluate", "--data", "furniture", "-m", ",".join(METHODS), "-n", "4,8", "--shapes", SHAPES,
        "-o", tmp_path / "shell",
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
    shown = {
        (
            panel.cells.index(r, 0).data(),
            panel.cells.headerData(c, Qt.Orientation.Horizontal),
        ): panel.cells.index(r, c).data()
        for r in range(panel.cells.rowCount())
        for c in range(1, panel.cells.columnCount())
    }
    assert shown == {(row["label"], f"m = {row['m']}"): f"{100 * row['value']:.1f}" for row in said["rows"]}
    highest = {m: max(row.value for row in table.rows if row.m == m) for m in SIZES}
    bold = {
        (r, c)
        for r in range(panel.cells.rowCount())
        for c in range(1, panel.cells.columnCount())
        if panel.cells.index(r, c).data(Qt.ItemDataRole.FontRole) is not None
    }
    names = [panel.cells.index(r, 0).data() for r in range(panel.cells.rowCount())]
    assert bold == {
        (names.index(row.label), 1 + SIZES.index(row.m)) for row in table.rows if row.value == highest[row.m]
    }

    # The report of the window is the shell's.
    evaluating.export(tmp_path / "window")
    qtbot.waitUntil(lambda: not window.background.jobs, timeout=TIMEOUT)
    for name in ("table.csv", "shapes.csv", "table.md"):
        assert (tmp_path / "window" / name).read_text() == (tmp_path / "shell" / name).read_text()

    # Only shapes whose samples by the two got different answers are shown.
    window.dataset.panel.filter.disagree.setChecked(True)
    collection, shapes = window.dataset.current_dataset.collection, window.dataset.panel.list.shapes
    assert collection is not None and table.held_out.rows is not None
    apart = {
        int(row)
        for i, row in enumerate(table.held_out.rows)
        if any(table.answers["Random", m][i] != table.answers["Farthest point", m][i] for m in SIZES)
    }
    assert apart and {int(collection.rows[i]) for i in shapes.shown} == apart


def table_of(metric: str, shapes: dict[str, list[float]], answers: dict[str, list[float]]) -> Table:
    """Of four shapes, whose places in their source are 10, 20, 30 and 40, and one size."""
    rows = np.array([10, 20, 30, 40])
    names, none = tuple("abcd"), np.zeros(4, np.bool_)
    held_out = HeldOut("four", (), names, np.zeros(4, np.int64), none, [], rows=rows)
    values, told = ({(label, 8): np.array(v) for label, v in given.items()} for given in (shapes, answers))
    runs = {key: once[None] for key, once in values.items()}
    return Table("a task", metric, "a net", "", held_out, 1.0, None, [], [], [], runs, np.ones(4), told)


def test_methods_disagree_where_their_answers_differ_right_or_wrong() -> None:
    # All right; one right; both wrong in the same way; both wrong in two ways.
    right = {"one": [1.0, 1.0, 0.0, 0.0], "two": [1.0, 0.0, 0.0, 0.0]}
    told = {"one": [3.0, 3.0, 5.0, 5.0], "two": [3.0, 5.0, 5.0, 7.0]}
    assert disagreeing(table_of("accuracy", right, told)) == {20, 40}
    # Of an error, the worst must be more than twice the best.
    errors = {"one": [1.0, 1.0, 2.1, 0.0], "two": [1.0, 2.0, 1.0, 0.0]}
    assert disagreeing(table_of("nre", errors, {})) == {30}

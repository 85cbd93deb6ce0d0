"""Grids and plans from the window: queues, also those of the shell, are shown, stopped and resumed."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from apsnet_core.cli.app import run as apsnet
from apsnet_core.training.order import Order
from apsnet_core.training.queue_state import QueueState
from apsnet_core.training.runs import Run
from apsnet_gui.training.plan_dialog import PlanDialog
from apsnet_gui.training.queue_view import HEADS, MEDIAN
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import TIMEOUT, OpenWindow
from tests.narrow import present

from .conftest import TINY
from .conftest import wait_for as wait_for_run


def queue_of(window: Window, name: str) -> QueueState:
    return next(each for each in window.training.training.queues.values() if each.name == name)


def wait_for_queue(qtbot: QtBot, window: Window, name: str, *phases: str) -> QueueState:
    def there() -> None:
        state = queue_of(window, name)
        assert state.phase in phases, (state.phase, state.why, state.counts)

    qtbot.waitUntil(lambda: bool(window.training.training.queues), timeout=TIMEOUT)
    qtbot.waitUntil(there, timeout=TIMEOUT)
    return queue_of(window, name)


def shown(window: Window) -> list[list[str]]:
    """The texts of the queue's table, row by row."""
    table = window.training.panel.queue.table
    return [
        [present(table.item(row, column)).text() for column in range(len(HEADS))]
        for row in range(table.rowCount())
    ]


def test_a_grid_is_stopped_and_resumed_in_another_window(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    window = open_window()
    window.actions_by_id["train"].trigger()
    form = present(window.training.form)
    form.put({**TINY, "optimisation": {"epochs": 100_000, "batch_size": 64}, "name": "grid"})
    form.several.fold.click()
    seeds = form.several.lines["seed"]
    for typed, why in (("0, x", "seed"), ("1, 1", "twice"), ("-1", "seed")):
        seeds.setText(typed)
        assert why in form.trouble.text() and not form.start.isEnabled()
    seeds.setText("0, 1")
    form.several.lines["sizes"].setText("4")
    assert form.start.isEnabled() and form.start.text() == "Start 2 trainings", form.trouble.text()
    command = form.command.toPlainText()
    assert command == f"apsnet queue run grid.toml -o {runs / 'grid'} --each 'seed=[0, 1]' --each 'sizes=[4]'"
    form.start.click()
    panel = window.training.panel
    wait_for_queue(qtbot, window, "grid", "running")
    qtbot.waitUntil(lambda: panel.shown.currentWidget() is panel.queue, timeout=TIMEOUT)
    assert [row[0] for row in shown(window)] == ["grid-4-0", "grid-4-1"] and shown(window)[1][1] == "to come"
    wait_for_run(qtbot, window, "running", name="grid-4-0")

    # A second window, as after a restart: it shows the running queue, stops it and resumes it.
    window.close()
    window = open_window()
    panel = window.training.panel
    wait_for_queue(qtbot, window, "grid", "running")
    panel.select(runs / "grid")
    for _ in range(2):
        qtbot.mouseClick(panel.queue.stop, Qt.MouseButton.LeftButton)
        state = wait_for_queue(qtbot, window, "grid", "stopped")
        assert state.counts == {"stopped": 1, "to come": 1} and not state.why
        qtbot.mouseClick(panel.queue.go_on, Qt.MouseButton.LeftButton)
        wait_for_queue(qtbot, window, "grid", "running")
    panel.queue.stop.click()
    wait_for_queue(qtbot, window, "grid", "stopped")
    qtbot.mouseClick(panel.queue.copy, Qt.MouseButton.LeftButton)
    whole = command.replace(" grid.toml", f" {runs / 'grid' / 'grid.toml'}")
    assert QGuiApplication.clipboard().text() == whole


def test_a_finished_queue_of_the_shell_is_shown_with_its_median(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    """Three seeds in the state in which the shell leaves them: the median score is marked."""
    home = runs / "queue"
    home.mkdir(parents=True)
    order = Order(("furniture-pointnet",), ("seed=[0, 1, 2]",))
    order.write(home)
    for planned, score in zip(order.work(home), (0.7, 0.9, 0.8), strict=True):
        run = Run.create(planned.folder, planned.config)
        run.record("validation", epoch=0, step=1, metrics={"score": score})
        run.record("done", step=1)
    window = open_window()
    state = wait_for_queue(qtbot, window, "queue", "finished")
    panel = window.training.panel
    panel.select(home)
    rows = shown(window)
    assert [(row[1], row[4], row[5]) for row in rows] == [
        ("finished", "0.7", ""), ("finished", "0.9", ""), ("finished", "0.8", MEDIAN),
    ]  # fmt: skip
    assert state.command == order.command(home)

    # The queue's trainings are found by their names, like all others.
    assert apsnet(["runs", "show", rows[1][0]]) == 0
    panel.queue.table.cellDoubleClicked.emit(1, 0)
    assert panel.current is not None and panel.current.name == rows[1][0]
    assert panel.shown.currentWidget() is panel.run


def test_a_plan_is_chosen_with_its_data(qtbot: QtBot, open_window: OpenWindow, runs: Path) -> None:
    window = open_window()
    window.actions_by_id["train-plan"].trigger()
    dialog = present(window.findChild(PlanDialog))
    at = dialog.plan.findData("table-2")
    dialog.plan.setCurrentIndex(at)
    assert dialog.plan.itemText(at).endswith("54 trainings")
    assert not dialog.start.isEnabled() and "reconstruction" in dialog.trouble.text().lower()
    dialog.data["reconstruction"].setText("furniture")
    assert dialog.start.isEnabled(), dialog.trouble.text()
    line = f"apsnet queue run table-2 -o {runs / 'table-2'} --data reconstruction=furniture"
    assert dialog.command.toPlainText() == line
    dialog.name.setText("a/b")
    assert not dialog.start.isEnabled() and "The name" in dialog.trouble.text()
    (runs / "taken").mkdir(parents=True)
    dialog.name.setText("taken")
    assert "is taken" in dialog.trouble.text()
    dialog.reject()


def test_typed_values_are_kept_when_another_plan_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    dialog = PlanDialog(host, tmp_path, lambda *_: "")

    def choose(plan: str) -> tuple[str, str]:
        dialog.plan.setCurrentIndex(dialog.plan.findData(plan))
        return dialog.data["classification"].text(), dialog.name.text()

    assert choose("table-1") == ("modelnet40", "table-1")
    assert choose("choice-1") == ("modelnet40", "choice-1")
    dialog.data["classification"].setText("furniture")
    assert choose("table-2")[1] == "table-2"
    dialog.name.setText("mine")
    assert choose("table-1") == ("furniture", "mine")


def test_a_queue_that_cannot_be_read_says_so(qtbot: QtBot, open_window: OpenWindow, runs: Path) -> None:
    for name, text in (("bad", "{"), ("gone", json.dumps(order_of("no-such-plan")))):
        (runs / name).mkdir(parents=True)
        (runs / name / "queue.json").write_text(text)
    window = open_window()
    assert "damaged" in wait_for_queue(qtbot, window, "bad", "broken").why
    assert "no-such-plan is not a plan" in wait_for_queue(qtbot, window, "gone", "broken").why
    window.training.panel.select(runs / "bad")
    assert "damaged" in window.training.panel.queue.why.text()


def order_of(plan: str) -> dict[str, object]:
    return {"format": 1, "plans": [plan], "grid": [], "changes": [], "data": {}, "at_once": 1}

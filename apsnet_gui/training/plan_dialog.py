"""The dialog that starts a shipped plan, with fields for the plan, its data and the name of the queue."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.datasets import DatasetError
from apsnet_core.datasets.open import check_there
from apsnet_core.names import trouble_with
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.training.order import Order
from apsnet_core.training.plans import planned, plans
from apsnet_gui.style.theme import fixed
from apsnet_gui.training.form_grid import times_at_once
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, faint, form, heading

PURPOSE = (
    "All trainings of a table, one after another, the most urgent first. They continue when this "
    "window is closed. You can stop and continue them at any time."
)


class PlanDialog(QDialog):
    """Asks for a plan, its data and a name, and calls ``start(name, order)``.

    ``start`` returns an error text, or "" on success, which closes the dialog.
    """

    def __init__(self, parent: QWidget, runs: Path, start: Callable[[str, Order], str]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Train a plan")
        self._runs, self._start = runs, start
        self.plan = ComboBox()
        self.plan.setAccessibleName("Plan")
        self._tasks: dict[str, dict[str, str]] = {}
        for name, plan in plans().items():
            work = planned(plan, runs)
            self._tasks[name] = {each.task: each.config.data for each in work}
            self.plan.addItem(f"{plan.title} · {len(work)} trainings", name)
        self.data: dict[str, QLineEdit] = {}
        self._rows: dict[str, QWidget] = {}
        for task in dict.fromkeys(task for tasks in self._tasks.values() for task in tasks):
            self.data[task], self._rows[task] = self._data_row(task)
        self._proposed: dict[QLineEdit, str] = {}  # the text that the dialog filled in
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the queue")
        self.name.textChanged.connect(self._check)
        self.at_once = times_at_once(self._check)
        self._lay_out()
        self.plan.currentIndexChanged.connect(self._take_plan)
        self._take_plan()
        self.resize(GRID * 80, self.sizeHint().height())

    def _data_row(self, task: str) -> tuple[QLineEdit, QWidget]:
        line, row = QLineEdit(), QWidget()
        line.setAccessibleName(f"Data for {task_named(task).label}")
        line.textChanged.connect(self._check)
        browse = QPushButton("Folder…")
        browse.setAutoDefault(False)
        browse.clicked.connect(lambda: self._browse(line))
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(line, 1)
        inside.addWidget(browse)
        return line, row

    def _lay_out(self) -> None:
        self.trouble = QLabel(wordWrap=True)
        self.trouble.setProperty("role", "trouble")
        self.trouble.setAccessibleName("What is wrong")
        self.command = QPlainTextEdit(readOnly=True)
        self.command.setAccessibleName("The equivalent command")
        self.command.setFont(fixed())
        self.command.setFixedHeight(self.fontMetrics().height() * 4 + 2 * GRID)
        self.copy, cancel, self.start = (QPushButton(text) for text in ("Copy", "Cancel", "Start"))
        self.copy.setAccessibleName("Copy the command")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.toPlainText()))
        cancel.clicked.connect(self.reject)
        self.start.setProperty("primary", True)
        self.start.clicked.connect(self._ask)
        for button in (self.copy, cancel):
            button.setAutoDefault(False)
        self._form = form(
            ("Plan", self.plan),
            *((f"Data, {task_named(task).label.lower()}", row) for task, row in self._rows.items()),
            ("Name", self.name),
            ("At a time", self.at_once.widget),
        )
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(heading("Command"), 1)
        head.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(faint(PURPOSE))
        column.addLayout(self._form)
        column.addLayout(head)
        column.addWidget(self.command)
        column.addWidget(self.trouble)
        column.addLayout(foot)

    def order(self) -> Order:
        """The order for a queue: the chosen plan, its data, and the number of trainings at a time."""
        name = str(self.plan.currentData())
        data = {task: self.data[task].text().strip() for task in self._tasks[name]}
        return Order((name,), data=data, at_once=self.at_once.get())

    def _take_plan(self) -> None:
        name = str(self.plan.currentData())
        for task, row in self._rows.items():
            self._form.setRowVisible(row, task in self._tasks[name])
            if task in self._tasks[name]:
                self._propose(self.data[task], self._tasks[name][task])
        free, n = name, 2
        while os.path.lexists(self._runs / free):
            free, n = f"{name}-{n}", n + 1
        self._propose(self.name, free)
        self._check()

    def _propose(self, line: QLineEdit, text: str) -> None:
        """Fill in a line, unless the user has edited it."""
        if line.text() == self._proposed.get(line, ""):
            line.setText(text)
        self._proposed[line] = text

    def _check(self) -> None:
        name = self.name.text().strip()
        why = trouble_with(name) if name else "is empty"
        if not why and os.path.lexists(self._runs / name):
            why = "is taken: choose another name, or continue that queue in the list"
        said = [f"The name {why}"] if why else []
        for task in self._tasks[str(self.plan.currentData())]:
            said += self._missing(task)
        self.trouble.setText("\n".join(said))
        self.trouble.setVisible(bool(said))
        self.command.setPlainText("" if why else self.order().command(self._runs / name))
        self.copy.setEnabled(not why)
        self.start.setEnabled(not said)

    def _missing(self, task: str) -> list[str]:
        label = f"Data, {task_named(task).label.lower()}"
        try:
            check_there(self.data[task].text().strip())
        except DatasetError as error:
            return [f"{label}: {error.path} {error.why}"]
        except OSError as error:
            return [f"{label}: {error.strerror}"]
        return []

    def _browse(self, line: QLineEdit) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder of shapes")
        if folder:
            line.setText(folder)

    def _ask(self) -> None:
        why = self._start(self.name.text().strip(), self.order())
        if not why:
            self.accept()
            return
        self.trouble.setText(why)
        self.trouble.show()

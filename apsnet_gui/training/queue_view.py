"""The view of a queue of trainings: its progress, its trainings, and buttons to stop and continue it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.training.queue_state import QueueState
from apsnet_gui.style.theme import tabular
from apsnet_gui.training.run_view import open_folder
from apsnet_gui.training.words import WORDS, queue_line, span
from apsnet_gui.widgets.form_rows import GRID, OneLine

if TYPE_CHECKING:
    from apsnet_core.training.queue import Place

HEADS = ("Training", "State", "Epoch", "Left", "Validation", "")
MEDIAN = "median of its seeds"
TO_COME = "to come"


@dataclass(frozen=True)
class QueueActions:
    """The callbacks of the buttons of a queue; ``show`` selects the run in a folder."""

    stop: Callable[[QueueState], object]
    go_on: Callable[[QueueState], object]
    delete: Callable[[QueueState], object]
    show: Callable[[Path], object]


class QueueView(QWidget):
    """Shows one queue; a double click on a row shows its training."""

    def __init__(self, actions: QueueActions) -> None:
        super().__init__()
        self._actions = actions
        self.state: QueueState | None = None
        self.name, self.line = OneLine(), OneLine()
        self.name.setProperty("role", "heading")
        self.line.setFont(tabular(self.line.font()))
        self.line.setAccessibleName("Progress of the queue")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Progress of the queue")
        self.why = QLabel(wordWrap=True)
        self.why.setProperty("role", "trouble")
        self.why.setAccessibleName("What went wrong with the queue")
        self.stop = self._button("Stop", "Stop after a checkpoint, and start no other training", actions.stop)
        self.stop.hide()  # "Stop" and "Go on" are never visible together; there is room for only one
        self.go_on = self._button("Go on", "Continue the unfinished trainings", actions.go_on)
        self.go_on.setProperty("primary", True)
        self.copy = self._button("Copy command", "", self._copy)
        self.open = self._button("Folder", "Open its folder", lambda state: open_folder(state.folder))
        self.delete = self._button("Trash…", "Move it to the trash with all its trainings", actions.delete)
        self.table = self._make_table()
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name, 1)
        head.addWidget(self.line, 2)
        for button in (self.stop, self.go_on, self.copy, self.open, self.delete):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.why)
        column.addWidget(self.table, 1)

    def _button(self, text: str, tip: str, act: Callable[[QueueState], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.state and act(self.state))
        return button

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(HEADS))
        table.setAccessibleName("Trainings of the queue")
        table.setHorizontalHeaderLabels(HEADS)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.horizontalHeader().setStretchLastSection(True)
        table.setToolTip("A double click shows the training")
        table.cellDoubleClicked.connect(self._show_run)
        return table

    def show_queue(self, state: QueueState) -> None:
        """Show the state of a queue."""
        self.state = state
        self.name.setText(state.name)
        self.name.setToolTip(state.name)
        self.line.setText(queue_line(state))
        self.line.setToolTip(self.line.text())
        self.bar.setRange(0, max(len(state.places), 1))
        self.bar.setValue(state.finished)
        self.why.setText(state.why[:1].upper() + state.why[1:])
        self.why.setVisible(bool(state.why))
        self.stop.setVisible(state.active)
        self.stop.setEnabled(state.phase == "running")
        self.go_on.setVisible(state.phase == "stopped")
        self.delete.setEnabled(not state.active)
        self.copy.setEnabled(bool(state.command))
        self.copy.setToolTip(state.command)
        self.table.setRowCount(len(state.places))
        for row, place in enumerate(state.places):
            for column, text in enumerate(cells(place, place.planned.folder in state.medians)):
                self._put(row, column, text, place.state.why if place.state else "")

    def _put(self, row: int, column: int, text: str, why: str) -> None:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(row, column, item)
        item.setText(text)
        item.setToolTip(why)

    def _show_run(self, row: int, _column: int) -> None:
        if self.state is not None:
            self._actions.show(self.state.places[row].planned.folder)

    def _copy(self, state: QueueState) -> None:
        QGuiApplication.clipboard().setText(state.command)


def cells(place: Place, median: bool) -> tuple[str, ...]:
    """The texts in the row of a training, in the order of `HEADS`."""
    state = place.state
    if state is None:
        return place.planned.name, TO_COME, "", "", "", ""
    epochs = f"{state.epochs_done} of {state.epochs}" if state.epochs else ""
    left = span(state.eta) if state.eta is not None else ""
    score = f"{state.score:.4g}" if state.score is not None else ""
    return place.planned.name, WORDS[state.phase], epochs, left, score, MEDIAN if median else ""

"""The panel of trainings: a list of runs and queues, and a view of the selected ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.training.queue_state import QueueState
from apsnet_core.training.run_state import RunState
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.folders_button import FoldersButton
from apsnet_gui.training.queue_view import QueueActions, QueueView
from apsnet_gui.training.run_view import RunActions, RunView
from apsnet_gui.training.watch import TrainingWatch
from apsnet_gui.training.words import queue_summary, summary
from apsnet_gui.widgets.empty_panel import pages_in
from apsnet_gui.widgets.form_rows import GRID, faint

PURPOSE = (
    "Train a network on the bundled furniture or on your own shapes. A training is a separate "
    "process: it continues when this window is closed, and you can use its weights while it learns."
)


class TrainingPanel(QWidget):
    """Lists the runs and queues of `TrainingWatch`, and shows the selected ones."""

    def __init__(
        self,
        training: TrainingWatch,
        theme: Theme,
        actions: RunActions,
        plan: Callable[[], None],
        delete_queue: Callable[[QueueState], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._training, self._new, self._plan = training, actions.new, plan
        self.run = RunView(training, theme, actions)
        self.queue = QueueView(
            QueueActions(training.stop_queue, training.go_on_with, delete_queue, self.select)
        )
        self.shown = QStackedWidget()
        self.shown.setMinimumWidth(GRID * 50)  # in a narrow window the tab bar scrolls
        self.shown.addWidget(self.run)
        self.shown.addWidget(self.queue)
        self._items: dict[Path, QListWidgetItem] = {}

        self.pages = pages_in(self, self._empty_page(), self._runs_page())
        training.run_changed.connect(self._show_run)
        training.run_gone.connect(self._drop)
        training.queue_changed.connect(self._show_queue)
        training.queue_gone.connect(self._drop)
        # The panel is created when its dock is first shown, so the watch may know runs already.
        for state in training.runs.values():
            self._show_run(state)
        for queue in training.queues.values():
            self._show_queue(queue)
        self._show_chosen()

    # --- parts ---

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("panelBody")
        text = faint(PURPOSE)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(GRID * 62)
        button = QPushButton("New training…")
        button.setProperty("primary", True)
        button.clicked.connect(lambda: self._new(None))
        self.first = button
        column = QVBoxLayout(page)  # aligned to the top: the page is as high as the page of runs, and scrolls
        column.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        middle = QHBoxLayout()  # stretches centre the text: with an alignment flag it would lose its height
        middle.addStretch(1)
        middle.addWidget(text)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(GRID)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        for each in (button, self._plan_button(), FoldersButton(self._training)):
            buttons.addWidget(each)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        return page

    def _runs_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("panelBody")
        whole = QHBoxLayout(page)
        whole.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
        whole.setSpacing(GRID * 2)
        whole.addLayout(self._make_list())
        whole.addWidget(self.shown, 1)
        return page

    def _plan_button(self) -> QPushButton:
        button = QPushButton("Train a plan…")
        button.setToolTip("All trainings of a table, one after another")
        button.clicked.connect(lambda: self._plan())
        return button

    def _make_list(self) -> QVBoxLayout:
        self.list = QListWidget()
        self.list.setAccessibleName("Trainings")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setToolTip("Choose several trainings to draw their curves together")
        self.list.setFixedWidth(GRID * 30)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._show_chosen)
        self.new = QPushButton("New training…")
        self.new.clicked.connect(lambda: self._new(None))
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.new)
        self.plan = self._plan_button()
        left.addWidget(self.plan)
        left.addWidget(self.list, 1)
        left.addWidget(FoldersButton(self._training))
        return left

    # --- keeping up ---

    @property
    def chosen(self) -> list[RunState]:
        """The selected runs, the newest first."""
        folders = [self.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(self.list.count())
                   if self.list.item(i).isSelected()]  # fmt: skip
        return [self._training.runs[folder] for folder in folders if folder in self._training.runs]

    @property
    def current(self) -> RunState | None:
        """The run that the buttons act on; None unless exactly one run is selected."""
        return self.run.current

    def select(self, folder: Path) -> None:
        """Select only this run or queue, if it is in the list."""
        if folder in self._items:
            self.list.setCurrentItem(self._items[folder], QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _show_run(self, state: RunState) -> None:
        self.pages.setCurrentIndex(1)
        item = self._items.get(state.folder)
        if item is None:
            item = self._items[state.folder] = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, state.folder)
            self.list.insertItem(sum(folder in self._training.queues for folder in self._items), item)
            alone = not any(queue in state.folder.parents for queue in self._training.queues)
            if (state.active and alone) or not self.list.selectedItems():
                self.select(state.folder)
        item.setText(f"{state.name}\n{summary(state)}")
        item.setToolTip(state.why)
        if any(state.folder == other.folder for other in self.chosen):
            self._show_chosen()

    def _show_queue(self, state: QueueState) -> None:
        self.pages.setCurrentIndex(1)
        item = self._items.get(state.folder)
        if item is None:
            item = self._items[state.folder] = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, state.folder)
            self.list.insertItem(0, item)
            if state.active or not self.list.selectedItems():
                self.select(state.folder)
        item.setText(f"{state.name}\n{queue_summary(state)}")
        item.setToolTip(state.why)
        if item.isSelected():
            self._show_chosen()

    def _drop(self, folder: Path) -> None:
        item = self._items.pop(folder, None)
        if item is not None:
            self.list.takeItem(self.list.row(item))
        self.pages.setCurrentIndex(1 if self._items else 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        selected = [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]
        queue = self._training.queues.get(selected[0]) if len(selected) == 1 else None
        if queue is not None:
            self.queue.show_queue(queue)
        else:
            self.run.show_runs(self.chosen)
        self.shown.setCurrentWidget(self.run if queue is None else self.queue)

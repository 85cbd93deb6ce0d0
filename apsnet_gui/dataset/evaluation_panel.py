"""The panel of the evaluation: its settings, its progress, the table and its plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import task
from apsnet_gui.dataset.evaluating import Evaluating, EvaluationRequest
from apsnet_gui.dataset.evaluation_results import EvaluationResults
from apsnet_gui.dataset.open_dataset import CurrentDataset
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.task_net_choice import TaskNetChoice
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, counted, faint, form, grouped, panel
from apsnet_gui.widgets.number_box import NumberBox
from apsnet_gui.widgets.qt_types import Ignored

if TYPE_CHECKING:
    from apsnet_core.evaluation.table.table import Table

SEVERAL = (8, 16, 32, 64)
SOME = (24, 100)
MOST_SEEDS = 100
FACING = (
    "Sources disagree on the direction that a class faces. “As the net knows it” turns a class about "
    "the vertical by a quarter, a half or three quarters if the task net then recognises the full "
    "clouds of the training part significantly better. Samples play no part in this. The notes and "
    "the report name the turned classes."
)


class EvaluationPanel(QWidget):
    """Evaluates the methods of the line-up for the chosen task."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        current_dataset: CurrentDataset,
        evaluating: Evaluating,
        weights_list: WeightsList,
        export: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._theme = session, theme
        self._current_dataset, self._evaluating = current_dataset, evaluating
        self._shown: Table | None = None
        self.results = EvaluationResults(theme)
        self.shapes, self.sizes = ComboBox(), ComboBox()
        self.shapes.setAccessibleName("How many shapes")
        self.shapes.setToolTip(
            "Evenly spread over the test part, without classes that the task net does not know"
        )
        self.sizes.setAccessibleName("At which sizes")
        self.net = TaskNetChoice(session, weights_list)
        self.seeds = NumberBox("Seeds", 1, MOST_SEEDS)
        self.seeds.setValue(3)
        self.seeds.setToolTip(
            "The number of runs of each method with a random start; the spread covers these runs"
        )
        self.facing = ComboBox()
        self.facing.addItem("as stored", "stored")
        self.facing.addItem("as the net knows it", "known")
        self.facing.setAccessibleName("Which way each class faces")
        self.facing.setToolTip(FACING)
        self.start = QPushButton("Evaluate")
        self.start.setProperty("primary", True)
        self.start.clicked.connect(self._start)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Progress of the evaluation")
        self.export = QPushButton("Save the report…")
        self.export.setToolTip("The same files as apsnet evaluate writes: page, table, plot, every shape")
        self.export.clicked.connect(lambda: export())
        self.about, self.notes = faint(), faint()
        self._lay_out()
        current_dataset.changed.connect(self._offer)
        session.changed.connect(self._describe)
        evaluating.changed.connect(self._show)
        self._offer()

    def _lay_out(self) -> None:
        """Put the fields on the left, and the results on the right."""
        beside, _, column = panel("What is evaluated")
        beside.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column.addWidget(self.about)
        rows = ("Shapes", self.shapes), ("Sizes", self.sizes), ("Seeds", self.seeds), ("Judged by", self.net)
        column.addLayout(form(*rows, ("Facing", self.facing)))
        for widget in (self.start, self.bar, self.export, self.notes):
            column.addWidget(widget)
        column.addStretch(1)
        beside.setMinimumWidth(30 * GRID)
        found = QWidget()
        found.setObjectName("panelBody")
        whole = QHBoxLayout(found)
        whole.addWidget(self.results)
        row = QHBoxLayout(self)
        for layout in (whole, row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        row.addWidget(beside)
        row.addWidget(found, 1)

    @property
    def _methods(self) -> tuple[MethodSpec, ...]:
        """The compared methods without their seeds, because the evaluation chooses the seeds."""
        methods = self._session.document.lineup.methods
        return tuple(dict.fromkeys(replace(method, seed=None) for method in methods))

    @property
    def wanted(self) -> EvaluationRequest:
        """The request that a click on Evaluate starts."""
        document, collection = self._session.document, self._current_dataset.collection
        several = self.sizes.currentData()
        most = collection.data.test.points.shape[1] if collection else max(several)
        sizes = tuple(m for m in several if m <= most) or (most,)
        choice = document.choice
        return EvaluationRequest(
            self._methods,
            sizes,
            choice.task,
            self.shapes.currentData(),
            choice.net,
            self.seeds.number,
            "stored" if task(choice.task).pairs else self.facing.currentData(),
        )

    def _offer(self) -> None:
        """Offer to evaluate on a few shapes, which takes seconds, or on all of them."""
        collection = self._current_dataset.collection
        whole = len(collection.data.test) if collection else 0
        self.shapes.clear()
        for some in SOME:
            if 2 * some <= whole:
                self.shapes.addItem(f"at most {some}", some)
        self.shapes.addItem(f"all {grouped(whole)}" if whole else "all", None)
        self._describe()
        self._show()

    def _describe(self, *_: Ignored) -> None:
        self._allow_facing()
        document, before = self._session.document, max(self.sizes.currentIndex(), 0)
        count, judged = len(self._methods), task(document.choice.task).judged
        self.about.setText(
            f"The {count} compared method{'s' * (count != 1)}, judged by {judged} that the task net gives."
            if self._current_dataset.collection
            else "Open a dataset to evaluate the compared methods on all of its shapes."
        )
        compared = document.lineup.sizes or (document.choice.m,)
        self.sizes.clear()
        for sizes in dict.fromkeys((tuple(sorted(compared)), tuple(sorted({*SEVERAL, *compared})))):
            *others, last = sizes
            self.sizes.addItem(", ".join([*map(str, others), counted(last, "point")]), sizes)
        self.sizes.setCurrentIndex(min(before, self.sizes.count() - 1))

    def _start(self) -> None:
        if self._evaluating.job is not None:
            self._evaluating.cancel()
        else:
            self._evaluating.run(self.wanted)

    def _show(self) -> None:
        job, table = self._evaluating.job, self._evaluating.table
        there = self._current_dataset.collection is not None
        self.start.setEnabled(there)
        self.start.setText("Evaluate" if job is None else "Cancel")
        for box in (self.shapes, self.sizes, self.seeds, self.net):
            box.setEnabled(there and job is None)
        self._allow_facing()
        self.bar.setVisible(job is not None)
        if job is not None:
            self.bar.setRange(0, 0 if job.fraction is None else 1000)
            self.bar.setValue(round(1000 * (job.fraction or 0)))
        if table is not self._shown:
            self._shown = table
            self._fill(table)
        self.export.setVisible(table is not None)
        self.results.setVisible(table is not None)

    def _allow_facing(self) -> None:
        """Enable the facing, except for tasks of pairs: these turn the shapes themselves."""
        there, judged = self._current_dataset.collection is not None, self._session.document.choice.task
        self.facing.setEnabled(there and self._evaluating.job is None and not task(judged).pairs)

    def _fill(self, table: Table | None) -> None:
        from apsnet_core.evaluation.table.texts import summary

        self.results.show_table(table)
        self.notes.setText("" if table is None else "\n".join(summary(table)))

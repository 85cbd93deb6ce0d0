"""The results of an evaluation: the table and its plot, the paired tests, the values of each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QTableView, QTabWidget, QVBoxLayout, QWidget

from apsnet_core.methods.registry import method_colour
from apsnet_core.tasks.answer import in_words
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task
from apsnet_gui.dataset.number_table import NumberTable, plain_table
from apsnet_gui.dataset.score_table import ScoreTableModel
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, dot, faint
from apsnet_gui.widgets.plot import MethodCurve, clear_plot, draw_curves, make_plot
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.widgets.when_seen import WhenSeen

if TYPE_CHECKING:
    from apsnet_core.evaluation.table.table import Table, TableRow

BOLD = "Bold: better than every other method of its size (paired bootstrap, p below 0.05 after Holm)."
UNDECIDED = "No method is significantly better than every other of the same size, so none is bold."


class EvaluationResults(QTabWidget):
    """A tab for each part of the results of one evaluation."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.tabBar().setAccessibleName("Results of the evaluation")
        self._theme = theme
        self._table: Table | None = None
        self.plot: Any = None  # created with the first table, because importing pyqtgraph is slow
        self.cells = ScoreTableModel(self)
        self.scores = QTableView()
        self.scores.setModel(self.cells)
        self.scores.setAccessibleName("The evaluated methods, in numbers")
        plain_table(self.scores)
        self.bold = faint()
        self._scores_page, self._beside = QWidget(), QHBoxLayout()
        self._beside.addWidget(self.scores)
        column = QVBoxLayout(self._scores_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._beside, 1)
        column.addWidget(self.bold)
        self.tests = NumberTable("Each method against each other")
        self.classes, self.confusion = (
            NumberTable("The classes, one by one"),
            NumberTable("Confusion matrix"),
        )
        self.method, self.at_size = ComboBox(), ComboBox()
        self.method.setAccessibleName("Method of the confusion matrix")
        self.at_size.setAccessibleName("Size of the classes' numbers")
        self._corner = QWidget()
        corner = QHBoxLayout(self._corner)
        corner.setContentsMargins(0, 0, GRID, 0)
        for box in (self.method, self.at_size):
            box.activated.connect(self._fill_classes)
            corner.addWidget(box)
        self.setCornerWidget(self._corner)
        for page, name in (
            (self._scores_page, "Table and plot"),
            (self.tests, "Paired tests"),
            (self.classes, "Classes"),
            (self.confusion, "Confusion"),
        ):
            self.addTab(page, name)
        self.currentChanged.connect(self._show_corner)
        theme.changed.connect(WhenSeen(self, self._retint).ask)
        self._show_corner()

    def show_table(self, table: Table | None) -> None:
        """Show ``table`` in all tabs; tabs for which it has no values are hidden."""
        self._table = table
        self.cells.show(table)
        self.scores.verticalHeader().setDefaultSectionSize(2 * self.scores.fontMetrics().height() + 10)
        header = self.scores.horizontalHeader()
        wide = sum(header.sectionSizeHint(i) for i in range(header.count()))
        bar = self.scores.verticalScrollBar().sizeHint().width()
        self.scores.setFixedWidth(max(header.length(), wide) + bar + 2)
        if table is None:
            return
        if self.plot is None:
            self.plot = make_plot()
            self._beside.addWidget(self.plot, 1)
        self.bold.setText(BOLD if self.cells.leaders else UNDECIDED)
        self.bold.setVisible(len(self.cells.rows) > 1)
        self._draw()
        self._fill_tests(table)
        knows = bool(table.answers)
        for page in (self.classes, self.confusion):
            self.setTabVisible(self.indexOf(page), knows)
        self.setTabVisible(self.indexOf(self.tests), bool(table.pairs))
        self._offer(self.method, [(label, label) for label in self.cells.rows])
        self._offer(self.at_size, [(f"m = {m}", m) for m in self.cells.sizes])
        self._fill_classes()

    def _offer(self, box: ComboBox, choices: list[tuple[str, Any]]) -> None:
        """Replace the items of a box, and keep the current choice if it is still offered."""
        before = box.currentData()
        with QSignalBlocker(box):
            box.clear()
            for text, data in choices:
                box.addItem(text, data)
            box.setCurrentIndex(max(box.findData(before), 0))

    def _show_corner(self, *_: Ignored) -> None:
        of_classes = self.currentWidget() in (self.classes, self.confusion)
        self._corner.setVisible(of_classes)
        self.method.setVisible(self.currentWidget() is self.confusion)

    def _fill_tests(self, table: Table) -> None:
        from apsnet_core.evaluation.table.texts import PAIR_HEAD, pair_cells

        rows = [
            [f"{pair.first} against {pair.second}", str(pair.m), *pair_cells(pair, table.metric)]
            for pair in table.pairs
        ]
        self.tests.fill(["", "m", *PAIR_HEAD], rows)

    def _retint(self) -> None:
        self._draw()
        self._fill_classes()

    def _fill_classes(self, *_: Ignored) -> None:
        table, m, label = self._table, self.at_size.currentData(), self.method.currentData()
        if table is None or not table.answers or m is None:
            return
        from apsnet_core.evaluation.table.leaders import confusion

        metric, names = metric_named(table.metric), table.held_out.classes
        own: list[TableRow] = [row for row in table.rows if row.m == m]
        present = list(own[0].per_class) if own else []
        counts = {name: int((table.held_out.labels == names.index(name)).sum()) for name in present}
        self.classes.fill(
            [metric.axis, *(f"{in_words(name)}\n{counts[name]}" for name in present)],
            [[row.label, *(metric.text(row.per_class[name]) for name in present)] for row in own],
            [dot(method_colour(row.method)) for row in own],
        )
        if (label, m) not in table.answers:
            self.confusion.fill(["No samples of this size"], [])
            return
        found = confusion(table, label, m)[[names.index(name) for name in present]]
        shares = found / found.sum(axis=1, keepdims=True).clip(min=1)
        accent = QColor(self._theme.colours.accent)
        self.confusion.fill(
            ["Class and predicted class", *map(in_words, names)],
            [
                [in_words(name), *(str(count) if count else "" for count in row)]
                for name, row in zip(present, found.tolist(), strict=True)
            ],
            shades=[[_faded(accent, share) for share in row] for row in shares.tolist()],
        )

    def _draw(self, *_: Ignored) -> None:
        if self.plot is None or self._table is None:
            return
        metric = task(self._table.task).metric
        curves = [
            MethodCurve(
                next(iter(own.values())).method,
                label,
                list(own),
                [metric.factor * row.value for row in own.values()],
            )
            for label, own in self.cells.rows.items()
        ]
        clear_plot(self.plot, self._theme)
        draw_curves(self.plot, self._theme, curves, metric.axis)


def _faded(colour: QColor, share: float) -> QColor:
    """``colour`` with an opacity of 0.6 times ``share`` in 0..1, so that a number on it stays readable."""
    faded = QColor(colour)
    faded.setAlphaF(0.6 * share)
    return faded

"""The plot of one metric of every method against the number of points, like Fig. 3 of the paper."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from apsnet_gui.comparison.live import LiveComparison
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.empty_panel import OPEN_FIRST, empty_panel, pages_in, want
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import faint, panel
from apsnet_gui.widgets.plot import MethodCurve, clear_plot, draw_curves, make_plot
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.widgets.when_seen import WhenSeen

if TYPE_CHECKING:
    from pyqtgraph import PlotWidget

    from apsnet_core.evaluation.comparison.columns import Column
    from apsnet_core.evaluation.comparison.comparison import ComparisonRow


class CurvesPanel(QWidget):
    """The panel with the curves of the comparison, which are computed only while it is visible."""

    def __init__(
        self, session: Session, theme: Theme, results: ComparisonResults, comparing: LiveComparison
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._theme, self._results, self._comparing = session, theme, results, comparing
        self.plot: PlotWidget | None = None  # made at the first paint, since pyqtgraph takes long to import
        self.number = ComboBox()
        self.number.setAccessibleName("Number to draw")
        self.number.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        self.number.activated.connect(self._draw)
        self.export = QPushButton("Export…")
        self.export.setToolTip("Save as PDF, SVG, PNG or CSV, for a paper or a slide")
        self._hint = faint("Click a name in the legend to hide or show its curve.")
        settings, _, beside = panel("What is drawn")
        beside.addWidget(QLabel("Draw"))
        beside.addWidget(self.number)
        beside.addWidget(self.export)
        beside.addWidget(self._hint)
        beside.addStretch(1)
        full = QWidget()
        full.setObjectName("panelBody")
        self._row = QHBoxLayout(full)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(settings)
        compare = partial(session.line_up, "Compare methods", shown=True)
        self._empty = empty_panel(
            "Put methods side by side to see how they improve with more points.", ("Compare methods", compare)
        )
        self._pages = pages_in(self, self._empty, full)
        results.curves_changed.connect(self._fill)
        session.changed.connect(self._choose_page)
        theme.changed.connect(WhenSeen(self, self._draw).ask)
        self._choose_page()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is not None:
            self._comparing.want_curves(True)
            self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        # A dock behind another one counts as visible, so the import of the plots waits for the first paint.
        super().paintEvent(event)
        if self.plot is None:
            QTimer.singleShot(0, self, self._appear)

    def _appear(self) -> PlotWidget:
        """The plot, which is made now if it does not exist."""
        if self.plot is None:
            self.plot = make_plot()
            self._row.insertWidget(0, self.plot, 1)
            self._comparing.want_curves(True)
            self._draw()
        return self.plot

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._comparing.want_curves(False)

    @property
    def column(self) -> Column | None:
        """The metric that is plotted."""
        column: Column | None = self.number.currentData()
        return column

    def _choose_page(self, *_: Ignored) -> None:
        document = self._session.document
        want(self._empty, "" if document.active is not None else OPEN_FIRST)
        self._pages.setCurrentIndex(int(document.lineup.shown and document.active is not None))

    def _fill(self) -> None:
        from apsnet_core.evaluation.comparison.columns import columns_of

        rows, before = self._results.curves, self.number.currentIndex()
        self.number.clear()
        if not rows:
            return
        columns = columns_of(rows)
        for column in columns:
            self.number.addItem(f"{column.title}, {column.unit}", column)
        # The task's own metric comes last; it is shown first.
        self.number.setCurrentIndex(before if 0 <= before < len(columns) else len(columns) - 1)
        self.export.setEnabled(True)
        self._draw()

    def _draw(self, *_: Ignored) -> None:
        if self.plot is None:
            return
        # Qt keeps the minimum width that the box had when it was empty.
        self.number.setMinimumWidth(self.number.sizeHint().width())
        clear_plot(self.plot, self._theme)
        column = self.column
        if column is None:
            return
        curves = [
            MethodCurve(
                rows[0].method, rows[0].label, [row.m for row in rows], [column.of(row) for row in rows]
            )
            for rows in by_method(self._results.curves)
        ]
        draw_curves(self.plot, self._theme, curves, f"{column.title}, {column.unit}")


def by_method(rows: list[ComparisonRow]) -> list[list[ComparisonRow]]:
    """The rows grouped by method, in the order of their first rows."""
    specs = dict.fromkeys(row.spec for row in rows)
    return [[row for row in rows if row.spec == spec] for spec in specs]

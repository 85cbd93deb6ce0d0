"""The table of the comparison: one row for each method and size, the best of each column in bold."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.comparison.files import table_content
from apsnet_gui.comparison.pinning import reference_of, toggle_pin
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.comparison.table_model import METHOD, ComparisonTableModel, PinnedFirst
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.empty_panel import OPEN_FIRST, empty_panel, pages_in, want
from apsnet_gui.widgets.form_rows import GRID, counted
from apsnet_gui.widgets.qt_types import Ignored

COPIED = (("&Markdown", ".md"), ("&CSV", ".csv"), ("&LaTeX", ".tex"), ("&JSON", ".json"))  # text formats
ROWS_AT_ONCE = 7  # the most rows that are visible without scrolling
PAUSE_MS = 100  # milliseconds between two updates of the table, which take as long as a picture
BESIDE_TITLE = 36  # pixels of a column besides its title, for the padding and the sort arrow


class TablePanel(QWidget):
    """The panel with the table of the comparison; a click on a row selects its method and size."""

    def __init__(self, session: Session, theme: Theme, results: ComparisonResults) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._results = session, results
        self.model = ComparisonTableModel(session, results, theme)
        self.sorted = PinnedFirst(self.model)
        self._make_table()
        self._lay_out()

        session.changed.connect(self._follow)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._fill)
        results.part_changed.connect(self._fill_soon)
        theme.changed.connect(self._fill)
        self._fill()

    def _lay_out(self) -> None:
        self.about = QLabel()
        self.about.setProperty("role", "faint")
        self.copy = QPushButton("Copy")
        menu = QMenu(self.copy)
        for title, suffix in COPIED:
            menu.addAction(f"As {title}").triggered.connect(lambda _=False, s=suffix: self.copy_as(s))
        self.copy.setMenu(menu)
        self.pin = QPushButton("Pin")
        self.pin.setCheckable(True)
        self.pin.setToolTip("Keep the selected row on top; the others show their differences to it")
        self.pin.setAccessibleName("Pin the selected row as the reference")
        self.pin.clicked.connect(lambda: toggle_pin(self._session))
        beside = QVBoxLayout()
        beside.setContentsMargins(GRID, GRID // 2, GRID + 4, GRID // 2)
        beside.setSpacing(GRID)
        beside.addWidget(self.copy)
        beside.addWidget(self.pin)
        beside.addWidget(self.about)
        beside.addStretch(1)
        full = QWidget()
        full.setObjectName("panelBody")
        column = QHBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(beside)
        compare = partial(self._session.line_up, "Compare methods", shown=True)
        self._empty = empty_panel(
            "Put methods side by side to see their numbers here.", ("Compare methods", compare)
        )
        self._pages = pages_in(self, self._empty, full)

    def _make_table(self) -> None:
        self.table = QTableView()
        self.table.setModel(self.sorted)
        self.table.setAccessibleName("The methods compared, in numbers")
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setFont(tabular(self.table.font()))
        self.table.setIconSize(QSize(12, 12))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.selectionModel().currentRowChanged.connect(self._select)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._offer)

    @property
    def wanted_height(self) -> int:
        """The height in pixels that shows a row for each method, with the dock's title and tabs."""
        rows = min(len(self._session.document.lineup.methods), ROWS_AT_ONCE) + 5
        return round(rows * (self.table.fontMetrics().height() + 10))

    def copy_as(self, suffix: str) -> None:
        """Copy the table as the text of a file with this suffix, for example ".csv"."""
        document = self._session.document
        cells = self._results.cells(document.lineup.places, document.sizes)
        content = table_content(cells, suffix, reference_of(self._session, self._results))
        QGuiApplication.clipboard().setText(content.decode())
        kind = {suffix: title.replace("&", "") for title, suffix in COPIED}[suffix]
        self._session.notice.emit("info", f"Copied {counted(len(cells), 'row')} as {kind}")

    def _offer(self, at: QPoint) -> None:
        """Show a menu to pin the row under the pointer, which the click has selected."""
        if self.table.indexAt(at).isValid():
            menu = QMenu(self.table)
            text = "Unpin" if self._is_pinned else "Pin as the reference"
            menu.addAction(text).triggered.connect(lambda: toggle_pin(self._session))
            menu.popup(self.table.viewport().mapToGlobal(at))

    @property
    def _is_pinned(self) -> bool:
        lineup = self._session.document.lineup
        return lineup.pinned == lineup.place

    def _follow(self, before: Document, after: Document) -> None:
        lineups = before.lineup, after.lineup
        was, now = ((each.places, each.place, each.pinned, each.shown) for each in lineups)
        if was != now or before.active is not after.active:
            self._fill()

    @property
    def is_filled(self) -> bool:
        """Whether the table shows the newest results."""
        return not self._soon.isActive()

    def _fill_soon(self, *_: Ignored) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _fill(self, *_: Ignored) -> None:
        document = self._session.document
        shown = document.lineup.shown and document.active is not None
        want(self._empty, "" if document.active is not None else OPEN_FIRST)
        self._pages.setCurrentIndex(int(shown))
        if not shown:
            return
        self.model.fill()
        line = self.table.fontMetrics().height()
        self.table.verticalHeader().setDefaultSectionSize(line + 10)
        self._fit_columns()
        self.copy.setEnabled(bool(self.model.rows))
        pinned = self.model.pinned is not None
        self.about.setText("Best in bold\nΔ to the reference" if pinned else "Best in bold")
        self.pin.setChecked(self._is_pinned)
        self._mark()

    def _fit_columns(self) -> None:
        """Fit the columns to their contents, because Qt would reserve room for a large sort arrow in each."""
        header = self.table.horizontalHeader()
        for at in range(self.model.columnCount()):
            title = self.model.headerData(at, Qt.Orientation.Horizontal)
            wide = header.fontMetrics().size(0, title).width() + BESIDE_TITLE
            header.resizeSection(at, max(wide, self.table.sizeHintForColumn(at) + GRID))
        header.setStretchLastSection(self.model.has_answers)

    def _mark(self) -> None:
        wanted = self._session.document.lineup.place
        if wanted in self.model.places:
            index = self.sorted.mapFromSource(self.model.index(self.model.places.index(wanted), METHOD))
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _select(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        place = self.model.places[self.sorted.mapToSource(index).row()]
        lineup = self._session.document.lineup
        if place in lineup.places and place != lineup.place:
            label = place.method.label
            self._session.line_up(
                f"Select {label}", selected=lineup.methods.index(place.method), row=place.row
            )

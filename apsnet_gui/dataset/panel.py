"""The panel of the open dataset: a filter and pictures of the shapes that pass it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.dataset.evaluating import Evaluating
from apsnet_gui.dataset.left_out import LeftOutButton
from apsnet_gui.dataset.open_dataset import FURNITURE, CurrentDataset
from apsnet_gui.dataset.shape_filter import ShapeFilter
from apsnet_gui.dataset.shape_list import ShapeList
from apsnet_gui.dataset.shape_pictures import ShapePictures
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.empty_panel import empty_panel, pages_in
from apsnet_gui.widgets.form_rows import GRID, faint, grouped, menu_of
from apsnet_gui.widgets.qt_types import Ignored

STEP_MS = 90  # delay before a shape is opened, so that none is while an arrow key is held down
EMPTY, READING, FULL = range(3)


class DatasetPanel(QWidget):
    """Lists the shapes; selecting one opens it in place of the shape that was browsed before.

    ``ask`` lets the user choose a folder, ``evaluate`` shows the Evaluation panel.
    """

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        current_dataset: CurrentDataset,
        evaluating: Evaluating,
        ask: Callable[[], None],
        evaluate: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._ask = session, ask
        self._current_dataset, self._evaluating = current_dataset, evaluating
        self.pictures = ShapePictures(background, theme)
        self.list = ShapeList(self.pictures, theme)
        self._following = False
        self._step = QTimer(self, singleShot=True, interval=STEP_MS)
        self._step.timeout.connect(self._browse)
        self.name, self.count = QLabel(), faint()
        self.left_out = LeftOutButton()
        self.filter = ShapeFilter()
        self.filter.changed.connect(self._apply)
        self.unknown = faint("No methods were evaluated on this dataset yet.")
        self.offer = QPushButton("Evaluate them…")
        self.offer.clicked.connect(evaluate)
        self.list.selectionModel().currentChanged.connect(self._stepped)
        self.list.doubleClicked.connect(lambda _: session.keep_browsed())

        pages = (self._empty_page(), self._reading_page(), self._full_page())
        for page in pages:
            page.setObjectName("panelBody")
        self._pages = pages_in(self, *pages)
        current_dataset.changed.connect(self._show)
        current_dataset.opened.connect(self._begin)
        evaluating.changed.connect(self._evaluated)
        session.changed.connect(self._follow)
        self._show()

    # --- parts ---

    def _empty_page(self) -> QWidget:
        self.problem = faint()
        self.problem.setProperty("role", "trouble")
        return empty_panel(
            "Open a dataset to step through its shapes, and to evaluate methods on all of them.",
            ("Open a dataset…", self._ask),
            ("Bundled furniture", lambda: self._current_dataset.open(FURNITURE)),
            above=self.problem,
        )

    def _reading_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        column.setSpacing(GRID)
        self.reading = faint()
        bar = QProgressBar(textVisible=False)
        bar.setRange(0, 0)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self._current_dataset.cancel)
        for widget in (self.reading, bar, cancel):
            column.addWidget(widget)
        column.addStretch(1)
        return page

    def _full_page(self) -> QWidget:
        page, above = QWidget(), QVBoxLayout()
        above.setContentsMargins(GRID + 4, 0, GRID + 4, GRID)
        above.setSpacing(GRID)
        more = QToolButton()
        more.setText("…")
        more.setAccessibleName("Another dataset")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(menu_of(more, self._offer_others))
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.name, more),
            (self.left_out,),
            (self.filter,),
            (self.unknown,),
            (self.offer,),
            (self.count,),
        )
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(GRID)
            for widget in widgets:
                row.addWidget(widget, int(widget is not more))
            above.addLayout(row)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self.list, 1)
        return page

    def _offer_others(self, menu: QMenu) -> None:
        menu.addAction("Open a dataset…", self._ask)
        menu.addAction("Bundled furniture", lambda: self._current_dataset.open(FURNITURE))
        menu.addSeparator()
        menu.addAction("Close this dataset", lambda: self._session.open_dataset(None))

    # --- the dataset, the filter ---

    def _show(self) -> None:
        collection = self._current_dataset.collection
        self.reading.setText(f"{self._current_dataset.reading}…")
        self.problem.setText(self._current_dataset.problem)
        self.problem.setVisible(bool(self._current_dataset.problem))
        busy = bool(self._current_dataset.reading)
        self._pages.setCurrentIndex(READING if busy else EMPTY if collection is None else FULL)
        if collection is self.list.shapes.collection:
            return
        self.pictures.show(collection)
        self.left_out.show_dataset(collection.data if collection else None)
        self.filter.offer(collection)
        if collection is not None:
            self.name.setText(f"<b>{collection.data.name}</b>")
            self.name.setToolTip(f"{collection.source}\n{collection.data.licence}")
        self._apply()

    def _apply(self, *_: Ignored) -> None:
        collection = self._current_dataset.collection
        known = self._evaluating.disagreeing
        shown = np.empty(0, np.int64)
        if collection is not None:
            shown = collection.matching(self.filter.value(known))
        unknown = self.filter.disagree.isChecked() and known is None
        self.unknown.setVisible(unknown)
        self.offer.setVisible(unknown)
        self.count.setText("" if collection is None else counted(len(shown), len(collection)))
        self.list.shapes.show(collection, shown)
        self._mark()

    def _evaluated(self) -> None:
        self._show()  # first, because the filter may still have the classes of the previous dataset
        if self.filter.disagree.isChecked() and self._evaluating.job is None:
            self._apply()

    # --- stepping ---

    @property
    def is_stepping(self) -> bool:
        """Whether a shape will be opened after the delay `STEP_MS`."""
        return self._step.isActive()

    def step(self, by: int) -> None:
        """Select the shape ``by`` rows after the current one in the list."""
        row = min(max(self.list.currentIndex().row() + by, 0), self.list.shapes.rowCount() - 1)
        if row >= 0:
            self.list.setCurrentIndex(self.list.shapes.index(row))

    def _begin(self) -> None:
        if self._session.document.active is None:
            self.step(1)
        self.list.setFocus()

    def _stepped(self, index: QModelIndex) -> None:
        if not self._following and index.isValid():
            self._step.start()

    def _browse(self) -> None:
        collection, index = self._current_dataset.collection, self.list.currentIndex()
        if collection is None or not index.isValid():
            return
        shape = int(self.list.shapes.shown[index.row()])
        entries = self._session.document.entries
        there = next((entry for entry in entries if collection.find(entry) == shape), None)
        if there is None:
            self._session.browse(collection.entry(shape))
        else:
            self._session.select(there.id)

    def _follow(self, *_: Ignored) -> None:
        if not self._step.isActive():
            self._mark()

    def _mark(self) -> None:
        """Select the active shape if it belongs to this dataset, else the shape that was browsed last."""
        collection, document = self._current_dataset.collection, self._session.document
        if collection is None:
            return
        shape = collection.find(document.active)
        if shape is None:
            shape = collection.find(document.entry(document.browsed))
        row = self.list.shapes.row_of(shape)
        if row == self.list.currentIndex().row() or (row is None and not self.list.currentIndex().isValid()):
            return
        self._following = True
        index = QModelIndex() if row is None else self.list.shapes.index(row)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._following = False


def counted(shown: int, all_: int) -> str:
    """The number of listed shapes, for example "5 of 20 shapes"."""
    return f"{grouped(all_)} shapes" if shown == all_ else f"{grouped(shown)} of {grouped(all_)} shapes"

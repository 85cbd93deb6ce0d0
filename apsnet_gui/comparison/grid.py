"""The views side by side: one for each method of the line-up at each size."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.colourings.colouring import never_attention
from apsnet_gui.colourings.registry import compared
from apsnet_gui.comparison.cameras import Cameras
from apsnet_gui.comparison.grid_layout import GAP, layout_views
from apsnet_gui.comparison.lineup_edits import LineupEdits
from apsnet_gui.comparison.matrix_heads import MatrixHeads
from apsnet_gui.comparison.method_header import MethodHeader
from apsnet_gui.comparison.method_view import MethodView
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.document import Document, Lineup, MethodAtSize
from apsnet_gui.state.result import Result
from apsnet_gui.state.session import Session
from apsnet_gui.style.stepping import go_through
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.qt_types import Ignored

FEW = 5  # rows of views that are fully visible in any window
LOW = 72  # the height in pixels of a view in such a row
HIGH = 300  # the largest minimum height of the grid in pixels, so that a window of 700 has room for panels
VERSIONS = 3  # versions of the words that include the net's answer


class Grid(QWidget):
    """The views of the session's line-up and its results. ``made`` carries each new `MethodView`."""

    made = Signal(object)

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        client: RenderClient,
        results: ComparisonResults,
        weights_list: WeightsList,
    ) -> None:
        super().__init__()
        self.setObjectName("grid")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._background, self._theme = session, background, theme
        self._client, self._results = client, results
        self.edits = LineupEdits(session, weights_list)
        self.cells: dict[MethodAtSize, MethodView] = {}
        self.heads = MatrixHeads(self, self._make_head)
        self._alone: MethodAtSize | None = None
        self._is_filling = False
        self._cameras = Cameras(session, results, self.cells, self)
        self.setAccessibleName("Methods side by side")
        session.changed.connect(self._on_change)
        session.step_changed.connect(self._refresh)
        results.part_changed.connect(self._show_part)
        results.whole_changed.connect(self._show_all)
        self._line_up()

    # --- the public interface ---

    @property
    def selected(self) -> MethodView | None:
        """The view of the selected method, None before it is made."""
        return self.cells.get(self._lineup.place)

    @property
    def ordered(self) -> list[MethodView]:
        """The cells in the order of the line-up."""
        return [self.cells[place] for place in self._lineup.places if place in self.cells]

    def share_camera(self, view: ViewWidget) -> None:
        """Let a view outside the grid use the shared camera."""
        self._cameras.share(view)

    def refit(self) -> None:
        """Fit the shared camera to the shape after a view was resized, unless the camera was moved."""
        self._cameras.refit()

    @property
    def is_settled(self) -> bool:
        """Whether every view shows the newest results."""
        return not self._is_filling and all(cell.is_settled for cell in self.cells.values())

    def set_alone(self, place: MethodAtSize | None) -> None:
        """Show only the view of ``place``, or all views for None."""
        self._alone = place if place in self.cells else None
        for cell in self.cells.values():
            cell.set_large(cell.place == self._alone)
        self._arrange()

    @property
    def _lineup(self) -> Lineup:
        return self._session.document.lineup

    # --- creating cells ---

    def _on_change(self, before: Document, after: Document) -> None:
        if before.lineup != after.lineup:
            self._line_up()
        shows = before.lineup.show, before.look, before.entries
        if after.lineup.shown and shows != (after.lineup.show, after.look, after.entries):
            self._refresh()

    def _line_up(self) -> None:
        lineup = self._lineup
        wanted = lineup.places if lineup.shown else ()
        for place in [place for place in self.cells if place not in wanted]:
            cell = self.cells.pop(place)
            cell.hide()
            cell.deleteLater()
        self.heads.line_up(lineup.methods if lineup.shown else (), self._session.document.sizes)
        self.setMinimumHeight(min(self.wanted_height, HIGH))
        if self._alone not in self.cells:
            self._alone = None
        if lineup.place in self._missing:
            self._add(lineup.place)
        if self._missing and not self._is_filling:
            self._is_filling = True
            go_through(self, self._fill())
        for place, cell in self.cells.items():
            cell.set_selected(place == lineup.place)
        if self._alone is not None and self._alone != lineup.place:
            self.set_alone(lineup.place)
        self._arrange()

    @property
    def _missing(self) -> list[MethodAtSize]:
        """The places that have no view yet."""
        lineup = self._lineup
        return [place for place in lineup.places if place not in self.cells] if lineup.shown else []

    def _fill(self) -> Iterator[None]:
        """Make the missing views one by one; the selected view, which other code needs, already exists."""
        yield
        while missing := self._missing:
            self._add(missing[0])
            self._arrange()
            yield
        self._is_filling = False

    def _make_head(self, method: MethodSpec) -> MethodHeader:
        head = MethodHeader(method, self._theme, lambda menu: self.edits.fill_menu(method, menu))
        head.pressed.connect(lambda: self._take(MethodAtSize(method, self._lineup.row)))
        head.dragged.connect(self._aim)
        head.dropped.connect(lambda at: self._drop(method, at))
        return head

    def _add(self, place: MethodAtSize) -> None:
        """Make the view of a place."""
        cell = self.cells[place] = MethodView(
            place,
            self._session,
            self._background,
            self._theme,
            self._client,
            lambda menu: self.edits.fill_menu(place.method, menu),
            self._attended,
        )
        cell.setParent(self)
        self._cameras.add(cell)
        cell.view.clicked.connect(lambda _: self.edits.select(place))
        cell.header.pressed.connect(lambda: self._take(place))
        cell.header.double_clicked.connect(lambda: self._toggle_alone(place))
        cell.header.dragged.connect(self._aim)
        cell.header.dropped.connect(lambda at: self._drop(place.method, at))
        cell.worded.connect(self._place_words)
        cell.reshaped.connect(lambda: QTimer.singleShot(0, self, self._cameras.refit))
        cell.header.large.clicked.connect(lambda: self._toggle_alone(place))
        self.made.emit(cell)
        cell.show_part(self._results.parts.get(place), self._results.whole)
        cell.set_selected(place == self._lineup.place)
        cell.show()

    def _show_part(self, place: MethodAtSize) -> None:
        if (cell := self.cells.get(place)) is not None:
            cell.show_part(self._results.parts.get(place), self._results.whole)
        active = self._session.document.active
        shows = compared(active.colouring).shows_attention if active is not None else never_attention
        if any(shows(len(result.cloud)) for result in self._attended()):
            self._refresh()  # the common range of colours may have changed

    def _attended(self) -> list[Result]:
        """The results that have attention."""
        results = (part.result for place, part in self._results.parts.items() if place in self.cells)
        return [result for result in results if result is not None and result.has_attention]

    def _show_all(self) -> None:
        for place, cell in self.cells.items():
            cell.show_part(self._results.parts.get(place), self._results.whole)

    def _refresh(self, *_: Ignored) -> None:
        for cell in self.cells.values():
            cell.refresh()

    # --- actions on cells ---

    def _take(self, place: MethodAtSize) -> None:
        """Select a view by its header and give it the keyboard focus, so that one frame shows both."""
        self.edits.select(place)
        if (cell := self.cells.get(place)) is not None:
            cell.view.setFocus(Qt.FocusReason.MouseFocusReason)

    def _toggle_alone(self, place: MethodAtSize) -> None:
        self.edits.select(place)
        self.set_alone(None if self._alone else place)

    def _method_at(self, position: QPoint) -> MethodSpec | None:
        here = self.mapFromGlobal(position)
        cells = (cell for cell in self.cells.values() if cell.geometry().contains(here))
        return next((cell.place.method for cell in cells), self.heads.at(here))

    def _aim(self, position: QPoint) -> None:
        target = self._method_at(position)
        for cell in self.cells.values():
            cell.set_target(cell.place.method == target)

    def _drop(self, method: MethodSpec, position: QPoint) -> None:
        target = self._method_at(position)
        for cell in self.cells.values():
            cell.set_target(False)
        if target is not None and target != method:
            self.edits.place_at(method, self.edits.index(target))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._alone is not None:
            self.set_alone(None)
        else:
            super().keyPressEvent(event)

    # --- the layout ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @property
    def wanted_height(self) -> int:
        """The height in pixels for the views of up to `FEW` sizes; the table below shrinks for it."""
        rows = min(len(self.heads.sizes), FEW)
        line = self.fontMetrics().height() + GRID
        return rows * (line + LOW + GAP + 2) + 2 * line if rows else 0

    @property
    def _in_matrix(self) -> bool:
        """Whether the views are a matrix with separate headers for methods and sizes."""
        return bool(self.heads.methods) and self._alone is None

    def _arrange(self) -> None:
        places = self._lineup.places if self._lineup.shown else ()
        shown = [place for place in places if self._alone in (None, place)]
        for place, cell in self.cells.items():
            cell.setVisible(place in shown)
        if self._in_matrix:
            areas = self.heads.place(self.size()).views
        else:
            self.heads.hide()
            areas = layout_views(len(shown), self.width(), self.height())
        for place, where in zip(shown, areas, strict=True):
            if place in self.cells:
                self.cells[place].set_in_matrix(self._in_matrix)
                self.cells[place].setGeometry(where)
        self._place_words()
        self._cameras.refit()

    def _place_words(self) -> None:
        """Write the words beside the names if they fit there in every view, or else below the names."""
        shown = [cell for cell in self.cells.values() if not cell.isHidden()]
        fitting = (
            shorter
            for shorter in range(VERSIONS)
            if all(cell.width_for_words(shorter) <= cell.width() for cell in shown)
        )
        shorter = 0 if self._in_matrix else next(fitting, None)
        for cell in shown:
            cell.place_words(shorter is not None, shorter or 0)

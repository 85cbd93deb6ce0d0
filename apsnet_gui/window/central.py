"""The central widget of the window: the start page, a single view, or the comparison."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session

if TYPE_CHECKING:
    from apsnet_gui.comparison.method_view import MethodView
    from apsnet_gui.comparison.slider_film import SliderFilm
    from apsnet_gui.comparison.toolbar import ComparisonView
    from apsnet_gui.viewport.widget import ViewWidget
    from apsnet_gui.views.session_view import SessionView
    from apsnet_gui.views.steps_film import StepsFilm

SINGLE, COMPARED = 1, 2  # indices of the pages


class CentralView(QStackedWidget):
    """Shows ``start`` while nothing is open, and ``compared`` while methods are compared.

    ``make_single`` and ``make_compared`` are called when `single` and `compared` are first asked for.
    """

    start_shown = Signal()

    def __init__(
        self,
        session: Session,
        start: QWidget,
        make_single: Callable[[], SessionView],
        make_compared: Callable[[], ComparisonView],
    ) -> None:
        super().__init__()
        self._make_single, self._make_compared = make_single, make_compared
        self.addWidget(start)
        session.followed.connect(self._choose)
        self._target = QLabel("Drop to open", self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._target.setObjectName("dropTarget")
        self._target.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._target.hide()

    def minimumSizeHint(self) -> QSize:
        """The hint of the current page only: the toolbar of a hidden comparison must not widen the window."""
        page = self.currentWidget()
        if page is None:
            return super().minimumSizeHint()
        return page.minimumSizeHint().expandedTo(page.minimumSize())

    @cached_property
    def single(self) -> SessionView:
        """The view of the current shape."""
        made = self._make_single()
        self.insertWidget(SINGLE, made.view)
        return made

    @cached_property
    def compared(self) -> ComparisonView:
        """The views of the comparison."""
        self.single.view.ensurePolished()  # this makes the single view, whose page comes first
        made = self._make_compared()
        self.addWidget(made)
        return made

    @property
    def _is_compared(self) -> bool:
        return self.currentIndex() == COMPARED

    @property
    def view(self) -> ViewWidget:
        """The current view: the single one, or that of the selected method."""
        return (self.compared.view if self._is_compared else None) or self.single.view

    def snapshot(self, scale: float = 1.0, transparent: bool = False) -> Future[QImage]:
        """Take a picture of the current view, or of the view that two methods share."""
        paired = self._is_compared and self.compared.pair.isVisibleTo(self)
        return (self.compared.pair if paired else self.view).snapshot(scale, transparent)

    def film(self, m: int) -> StepsFilm | SliderFilm:
        """The pictures of all ``m`` steps of the current view, or of the view that two methods share."""
        from apsnet_gui.views.steps_film import StepsFilm

        pair = self.compared.pair if self._is_compared else None
        both = pair.film() if pair is not None and pair.isVisibleTo(self) else None
        return both or StepsFilm(self.view, self.shown.steps(), m)

    def film_length(self, m: int) -> int:
        """The number of pictures that `film` gives."""
        pair = self.compared.pair if self._is_compared else None
        both = pair.film_length if pair is not None and pair.isVisibleTo(self) else 0
        return both or m

    @property
    def shown(self) -> SessionView | MethodView:
        """The object that keeps the current view up to date."""
        return self._selected or self.single

    @property
    def is_settled(self) -> bool:
        """Whether the current view is completely drawn."""
        return self.compared.is_settled if self._selected is not None else self.single.is_settled

    @property
    def _selected(self) -> MethodView | None:
        return self.compared.grid.selected if self._is_compared else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the view with the keys."""
        self.view.setFocus(event.reason())

    @property
    def is_lit(self) -> bool:
        """Whether the frame for dropping files is shown."""
        return self._target.isVisible()

    def light_up(self, on: bool) -> None:
        """Show or hide the frame that says that dragged files can be dropped."""
        self._target.setGeometry(self.rect())
        self._target.setVisible(on)
        self._target.raise_()

    def _choose(self, before: Document, after: Document) -> None:
        page = self.currentIndex()
        self.setCurrentIndex(0 if after.active is None else COMPARED if after.lineup.shown else SINGLE)
        self.updateGeometry()
        if self._selected is not None and page != self.currentIndex():
            self.view.setFocus()
        if after.active is None and self.isVisible():
            self.start_shown.emit()

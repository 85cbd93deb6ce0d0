"""The toolbar of the comparison: methods, sizes, linked cameras, and the answer for the full cloud."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.tasks.registry import task as task_named
from apsnet_gui.comparison.grid import Grid
from apsnet_gui.comparison.grid_layout import GAP
from apsnet_gui.comparison.pair_view import PairView
from apsnet_gui.comparison.pinning import lay_out
from apsnet_gui.comparison.reference_views import ReferenceViews
from apsnet_gui.comparison.results import (
    STRANGE,
    ComparisonResults,
    WholeCloud,
    classification,
    labelled,
    likeliest,
)
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.task_net_choice import TaskNetChoice
from apsnet_gui.state.document import LAYOUTS, Document
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.widgets.elided_button import ElidedButton
from apsnet_gui.widgets.fields import ChoiceBox
from apsnet_gui.widgets.form_rows import GRID, OneLine, ValueLabel, counted, grouped, menu_of, set_role
from apsnet_gui.widgets.qt_types import Ignored

WAYS = (
    ("All methods", "Every method at every size"),
    ("Slider", "The reference and the selected method in one picture, with a divider to drag"),
    (
        "Moved",
        "The samples of only the reference, of only the selected method, and of both",
    ),
    ("Attention", "Where the selected method looked more than the reference, and where less"),
)
SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)


class ComparisonToolbar(QWidget):
    """The toolbar to choose methods, sizes and layout, with the task net's answer for the full cloud."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        results: ComparisonResults,
        weights_list: WeightsList,
        fill_add: Callable[[QMenu], None],
    ) -> None:
        super().__init__()
        self.setObjectName("comparisonToolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._theme, self._results = session, theme, results
        self.add = QPushButton("Add method")
        self.add.setMenu(menu_of(self.add, fill_add))
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sizes = ElidedButton()
        self.sizes.setMenu(menu_of(self.sizes, self._fill_sizes))
        self.sizes.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.net = TaskNetChoice(session, weights_list)
        self.linked = QCheckBox("Link cameras")
        self.linked.setToolTip("Turn all views together")
        self.linked.clicked.connect(lambda on: session.line_up("Link cameras", linked=on))
        self.layouts = ChoiceBox("How the methods are shown")
        self.layouts.activated.connect(lambda at: lay_out(session, LAYOUTS[at]))
        self.pages = ChoiceBox("What each view shows")
        self.pages.activated.connect(self._choose_page)
        self.whole = OneLine()
        self.whole.setAccessibleName("The task net's answer on the full cloud")
        self.whole.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.close_button = QToolButton()
        self.close_button.setToolTip("Back to one view")
        self.close_button.setAccessibleName("Back to one view")
        self.close_button.clicked.connect(lambda: session.line_up("Leave the comparison", shown=False))
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self.add)
        row.addWidget(self.sizes)
        self._judge = QWidget()
        judge = QHBoxLayout(self._judge)
        judge.setContentsMargins(0, 0, 0, 0)
        judge.setSpacing(GRID)
        judged = ValueLabel("Judged by")
        set_role(judged, "faint")
        judge.addWidget(judged)
        judge.addWidget(self.net)
        row.addWidget(self._judge)
        row.addWidget(self.linked)
        row.addWidget(self.layouts)
        row.addWidget(self.pages)
        row.addWidget(self.whole, 1)
        row.addWidget(self.close_button)
        session.changed.connect(self._show)
        results.whole_changed.connect(self._show)
        theme.changed.connect(self._tint)
        self._tint()
        self._show()

    def minimumSizeHint(self) -> QSize:
        """The minimum without the choice of the task net, which is shown only if it fits.

        The panel Sampling has the same choice.
        """
        least = self._judge.minimumSizeHint().width() + GRID
        return super().minimumSizeHint() - QSize(least * self._judge.isVisibleTo(self), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = self.minimumSizeHint().width() + self._judge.sizeHint().width() + GRID
        self._judge.setVisible(self.width() >= wanted)

    def _choose_page(self, at: int) -> None:
        """Show the page number ``at`` of the present task in every view."""
        page = task_named(self._session.document.choice.task).pages[at]
        self._session.line_up(f"Show {page.title.lower()}", show=page.key)

    def _tint(self) -> None:
        self.close_button.setIcon(self._theme.icon("x", self._theme.colours.faint))
        self._fit()

    def _fill_sizes(self, menu: QMenu) -> None:
        """Fill the menu with checkable sizes; the last checked size cannot be removed."""
        document = self._session.document
        entry, there = document.active, document.sizes
        limit = entry.count if entry is not None and not entry.is_mesh else document.choice.surface
        for m in sorted({*(m for m in SIZES if m <= limit), *there}):
            item = menu.addAction(counted(m, "point"))
            item.setCheckable(True)
            item.setChecked(m in there)
            item.setEnabled(len(there) > 1 or m not in there)
            item.triggered.connect(lambda on, m=m: self._set_size(m, on))
        menu.addSeparator()
        menu.addAction("Another number…").triggered.connect(lambda: self._ask_size(limit))

    def _ask_size(self, limit: int) -> None:
        """Ask for any size up to the cloud's number of points."""
        text = f"Number of points, 1 to {grouped(limit)}:"
        m, given = QInputDialog.getInt(self, "Compare at another size", text, 100, 1, limit)
        if given:
            self._set_size(m, True)

    def _set_size(self, m: int, shown: bool) -> None:
        """Add or remove a size; the selected size stays selected unless it is removed."""
        document = self._session.document
        kept = {*document.sizes, m} if shown else {*document.sizes} - {m}
        sizes, now = tuple(sorted(kept)), document.sizes[document.lineup.row]
        row = sizes.index(min(sizes, key=lambda size: abs(size - now)))
        self._session.line_up("Change the sizes", sizes=sizes, row=row)

    def _show(self, *_: Ignored) -> None:
        document = self._session.document
        *others, last = document.sizes
        sizes = ", ".join([*map(str, others), counted(last, "point")])
        self.sizes.setText(sizes)
        self.sizes.setToolTip(f"The numbers of points at which every method is shown: {sizes}")
        self.linked.setChecked(document.lineup.linked)
        lineup = document.lineup
        self.layouts.show_choice(WAYS, LAYOUTS.index(lineup.layout))
        self.linked.setVisible(lineup.layout == "grid")
        pages = task_named(document.choice.task).pages
        self.pages.setVisible(len(pages) > 1 and lineup.layout in {"grid", "slider"})
        keys = [page.key for page in pages]
        at = keys.index(lineup.show) if lineup.show in keys else 0
        self.pages.show_choice([page[1:] for page in pages], at)
        self._fit()
        whole, change = self._results.whole, document.what_if.change.words
        answer, warning = (classification(whole.answer), whole.warning) if whole else (None, None)
        judge = whole.judge if whole is not None else None
        note = judge.note.removesuffix(".") if judge else ""
        net = f"The net is {judge.net.name}." if judge else ""
        set_role(self.whole, "warning" if warning else "")
        if answer is None:
            words = "; ".join(filter(None, (", ".join(filter(None, (change, about(whole)))), note)))
            self.whole.setText(f"{STRANGE.capitalize()} · {words}" if warning else words)
            self.whole.setToolTip("\n".join(filter(None, (words, net, warning))))
            return
        label = document.active.label if document.active else None
        reference = (classification(whole.reference) if whole else None) or answer
        said = likeliest(reference, bool(warning)) + (
            f", {labelled(reference.top(1)[0][0], label)}" if label else ""
        )
        words = f"Full cloud: {said}"
        if reference is not answer:
            words += f"; with {change}: {likeliest(answer, bool(warning))}"
        words += f"; {note}" if note else ""
        self.whole.setText(words)
        self.whole.setToolTip("\n".join(filter(None, (words, net, warning, answer.known))))


def about(whole: WholeCloud | None) -> str:
    """A sentence about the full cloud's value, with which the methods' values are compared."""
    if whole is None or whole.answer is None:
        return ""
    if whole.copy is None:
        return whole.answer.of_all_points().removesuffix(".")
    turned = whole.copy.degrees
    verdict = whole.answer.verdict(whole.answer)
    words = "True turn not known" if turned is None else f"Turned by {turned:.1f}°"
    return f"{words}; full clouds: {verdict.metric.sentence(verdict.value)}"


class ComparisonView(QWidget):
    """The comparison: the toolbar, and below it the reference views and the grid, or the pair."""

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        client: RenderClient,
        results: ComparisonResults,
        weights_list: WeightsList,
        grid: Grid,
    ) -> None:
        super().__init__()
        self.grid = grid
        self.references = ReferenceViews(session, background, theme, client, results, grid)
        self.pair = PairView(session, background, theme, client, results, grid)
        all_of_them = QWidget()
        row = QHBoxLayout(all_of_them)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.references, 1)
        row.addWidget(grid, 3)
        self._pages = QStackedWidget()
        self._pages.addWidget(all_of_them)
        self._pages.addWidget(self.pair)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._bar = ComparisonToolbar(session, theme, results, weights_list, grid.edits.fill_add)
        column.addWidget(self._bar)
        column.addWidget(self._pages, 1)
        session.changed.connect(self._choose)

    def _choose(self, _: Document, after: Document) -> None:
        self._pages.setCurrentIndex(int(after.lineup.layout != "grid"))

    @property
    def wanted_height(self) -> int:
        """The height in pixels at which every view has enough room."""
        return self._bar.sizeHint().height() + GAP + self.grid.wanted_height

    @property
    def view(self) -> ViewWidget | None:
        """The view to which keys and commands apply: the selected method's, or one of the pair's."""
        if self._pages.currentWidget() is self.pair:
            return self.pair.view
        return self.grid.selected.view if self.grid.selected is not None else None

    @property
    def is_settled(self) -> bool:
        """Whether every view shows the newest results."""
        return self.grid.is_settled and self.references.is_settled and self.pair.is_settled

"""One method in the comparison: its name and menus, its view, the task net's answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
)

from apsnet_core.methods.registry import method_colour
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.colourings.registry import compared
from apsnet_gui.comparison.answer_beside_view import AnswerBesideView
from apsnet_gui.comparison.answer_scenes import answer_scene
from apsnet_gui.comparison.colour_range import same_range
from apsnet_gui.comparison.edited import EditedBar
from apsnet_gui.comparison.method_header import Header, Words
from apsnet_gui.comparison.results import MethodResult, WholeCloud, headlines
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document, MethodAtSize
from apsnet_gui.state.result import Result
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.document_scene import ViewContents, build
from apsnet_gui.views.sample_editor import SampleEditor
from apsnet_gui.widgets.form_rows import GRID, faint, menu_of

LEAST_VIEW = 216  # pixels that an answer beside or under a view leaves of it at least
NARROW = 170  # pixels of a cell in which the name has all the room of its header
SMALL, LARGER = 420, 1.7  # pixels of height below which samples are drawn that much larger


class MethodView(QFrame):
    """Shows the result at ``place``; ``fill_menu`` fills the menu of what can be done with it.

    ``attended`` are the results side by side that have attention: its colours have the same range in all.
    """

    worded = Signal()  # its words or its width have changed: the grid says where all cells have theirs
    reshaped = Signal()  # the view has got more room or less, beside what changed in the cell's own

    def __init__(
        self,
        place: MethodAtSize,
        session: Session,
        background: Background,
        theme: Theme,
        client: RenderClient,
        fill_menu: Callable[[QMenu], None],
        attended: Callable[[], list[Result]],
    ) -> None:
        super().__init__()
        self.setObjectName("cell")
        self.place, self.spec = place, place.method
        self._session, self._background, self._theme = session, background, theme
        self._attended = attended
        self._part: MethodResult | None = None
        self._whole: WholeCloud | None = None
        self._making = self._again = False
        colour = method_colour(self.spec.name)

        self.view = ViewWidget(client)
        SampleEditor(session, self.view, lambda: self._part.result if self._part else None)
        self.edited = EditedBar(session, self.view)
        self.message = faint()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMargin(2 * GRID)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.message)
        self.answer_beside = AnswerBesideView(theme, colour)
        self._beside, self._under = QVBoxLayout(), QHBoxLayout()
        self._beside.addWidget(self.answer_beside)
        self._beside.addStretch(1)

        self.header = Header()
        dot = QLabel()
        dot.setFixedSize(10, 10)
        dot.setStyleSheet(f"background: {colour}; border-radius: 5px;")
        self.name = QToolButton()
        self.name.setText(self.spec.label)
        self.name.setObjectName("cellName")
        self.name.setToolTip(f"{explained(self.spec)}\nClick to swap, move or remove it")
        self.words = Words()
        self.name.setMenu(menu_of(self.name, fill_menu))
        self.name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.name.setAccessibleName(f"{self.spec.label}: swap, move or remove")
        self.large = QToolButton()
        self.large.setAccessibleName(f"Show {self.spec.label} alone, or all again")
        self.large.setObjectName("cellButton")
        self.large.setIconSize(QSize(14, 14))
        row = QHBoxLayout(self.header)
        row.setContentsMargins(GRID, 2, GRID // 2, 2)
        row.setSpacing(GRID // 2)
        row.addWidget(dot)
        row.addWidget(self.name)
        row.addWidget(self.words, 1)
        row.addWidget(self.large)
        self.header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._pages, 1)
        middle.addLayout(self._beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(middle, 1)
        column.addLayout(self._under)
        theme.changed.connect(self._tint)
        self.set_large(False)

    # --- what it shows ---

    @property
    def part(self) -> MethodResult | None:
        """What is known of the method at this size."""
        return self._part

    @property
    def is_settled(self) -> bool:
        """Whether all that is known of the method is drawn."""
        unseen = not self.isVisible() or self._pages.currentWidget() is self.message
        return not self._making and (unseen or self.view.is_settled)

    def show_part(self, part: MethodResult | None, whole: WholeCloud | None) -> None:
        """``whole`` is what the samples are compared with."""
        before, self._part, self._whole = self._part, part, whole
        self.edited.show_result(part.result if part else None)
        problem = part.problem if part and part.result is None else None
        self._pages.setCurrentIndex(int(problem is not None))
        self.message.setText(sentence(problem) if problem else "")
        self.answer_beside.show_part(part, whole)
        if part is not None and part.result is not None:
            old = before.result.sampling if before and before.result else None
            answered = self._session.document.lineup.show != "samples" and before is not part
            if old is not part.result.sampling or answered:
                self.refresh()
        self._place_aside()
        self.worded.emit()

    def refresh(self) -> None:
        """Make the scene anew, on a worker thread; what changes meanwhile is gathered into the next."""
        part, session = self._part, self._session
        if part is None or part.result is None or session.document.active is None:
            return
        if self._making:
            self._again = True
            return
        self._making, self._again = True, False
        document, dark, whole = session.document, self._theme.dark, self._whole
        stepping = session.result is not None and session.step < session.result.sampling.m
        step = session.step if stepping else 0
        small, attended = self._pages.height() < SMALL, self._attended()
        job = self._background.start(
            "Preparing a view", lambda _: cell_scene(document, part, whole, attended, step, dark, small)
        )
        job.done.connect(self._show)
        job.failed.connect(lambda why: session.notice.emit("error", f"The view could not be prepared: {why}"))
        job.ended.connect(self._next)

    def steps(self) -> Callable[[int], ViewContents]:
        """What makes the scene of a step, as all is now; on any thread."""
        part, document, dark, whole = self._part, self._session.document, self._theme.dark, self._whole
        small, attended = self._pages.height() < SMALL, self._attended()
        assert part is not None
        return lambda step: cell_scene(document, part, whole, attended, step, dark, small)

    def _show(self, shown: ViewContents) -> None:
        self.view.set_scene(shown.scene)
        self.view.set_color_bar(shown.bar)

    def _next(self) -> None:
        self._making = False
        if self._again:
            self.refresh()

    # --- how it looks ---

    def set_selected(self, selected: bool) -> None:
        """Whether it is the one that keys and panels act on."""
        self._set("selected", selected)

    def set_target(self, target: bool) -> None:
        """Whether what is dragged would be dropped here."""
        self._set("target", target)

    def _set(self, name: str, value: bool) -> None:
        if self.property(name) != value:
            self.setProperty(name, value)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_large(self, large: bool) -> None:
        """Whether it fills the comparison."""
        self._large = large
        self.large.setToolTip("Show all methods again (Esc)" if large else "Show this method alone")
        self._tint()

    def _tint(self) -> None:
        faint_text = self._theme.colours.faint
        self.large.setIcon(self._theme.icon("corners-in" if self._large else "corners-out", faint_text))
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.name.setText(two_lines(self.spec.label) if narrow else self.spec.label)
        self.header.setMinimumHeight(2 * self.fontMetrics().height() + GRID if narrow else 0)
        if self.name.property("narrow") != narrow:
            self.name.setProperty("narrow", narrow)
            self.name.style().unpolish(self.name)
            self.name.style().polish(self.name)
            self.large.setVisible(not narrow)
            self.words.setVisible(not narrow)
        self._place_aside()
        self.worded.emit()

    @property
    def width_for_words(self) -> int:
        """Pixels in which what it has to say fits beside the method's name, in full."""
        if not self._texts:
            return 0
        taken = self.name.sizeHint().width() + self.large.sizeHint().width() + 5 * GRID
        return taken + self.fontMetrics().horizontalAdvance(self._texts[0])

    def place_words(self, beside: bool) -> None:
        """Say it beside the method's name, or else in the view."""
        texts = self._texts
        self.words.say(texts if beside else [])
        bold = QFont(self.font())
        bold.setBold(True)
        measure, room = QFontMetrics(bold), self.width() - 3 * GRID
        fitting = (text for text in texts if measure.horizontalAdvance(text) <= room)
        self.view.set_header("" if beside else next(fitting, ""))

    @property
    def _texts(self) -> list[str]:
        strange = self._whole is not None and self._whole.warning is not None
        return headlines(self._part, strange) if self._part else []

    def _place_aside(self) -> None:
        """Beside the view, under it, or not at all: the view comes first."""
        need, room = self.answer_beside.sizeHint(), self.height() - self.header.height()
        beside = min(self.width() - need.width(), room)
        under = min(self.width(), room - need.height())
        shown = not self.answer_beside.is_empty and max(beside, under) >= LEAST_VIEW
        home = self._beside if beside >= under else self._under
        if shown == self.answer_beside.isVisibleTo(self) and home.indexOf(self.answer_beside) >= 0:
            return
        self.answer_beside.setVisible(shown)
        if home.indexOf(self.answer_beside) < 0:
            (self._under if home is self._beside else self._beside).removeWidget(self.answer_beside)
            home.insertWidget(0, self.answer_beside)
        self.reshaped.emit()


def cell_scene(
    document: Document,
    part: MethodResult,
    whole: WholeCloud | None,
    attended: list[Result],
    step: int,
    dark: bool,
    small: bool,
) -> ViewContents:
    """The scene of one place: the current shape alone, the samples up to ``step``, all of them for 0.

    In a ``small`` view the cloud is finer and the samples are larger.
    """
    entry, result = document.active, part.result
    assert entry is not None and result is not None
    look = document.look
    if small:
        look = replace(look, point_size=max(look.point_size - 1, 1), sphere=round(look.sphere * LARGER))
    colouring = compared(entry.colouring)
    if colouring.shows_attention(entry.count):
        look = same_range(look, attended, step)
    document = replace(document, look=look)
    show = document.lineup.show
    drawn = part.answer is not None and part.answer.drawn is not None
    if show != "samples" and drawn and part.answer is not None and whole is not None:
        return answer_scene(document, part.answer, whole, part, show == "before", dark)
    entry = replace(entry, visible=True, colouring=colouring.name)
    document = replace(document, entries=(entry,), choice=result.choice)
    m = result.sampling.m
    return build(document, result, min(step or m, m), dark)


def two_lines(label: str) -> str:
    """A method's name broken at its space, or a long one before its variant."""
    head, dash, variant = label.rpartition("-")
    if " " in label or len(label) < 10 or not dash:
        return label.replace(" ", "\n", 1)
    return f"{head}\n{variant}"


def explained(spec: MethodSpec) -> str:
    """What the method does, and what its variant means."""
    row = spec.row
    variants = {
        "g": "G: the points that the network generates, which need not be points of the cloud.",
        "m": "M: the points of the cloud nearest to those that the network generates.",
    }
    said = [f"{spec.label}: {row.about}", variants.get(spec.variant or "", "")]
    if spec.variant and spec.variant == row.default_variant:
        said.append("The paper compares it so.")
    return "\n".join(filter(None, said))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")

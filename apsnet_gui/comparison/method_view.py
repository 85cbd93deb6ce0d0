"""One method in the comparison: its header, its view, and the task net's answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
)

from apsnet_gui.comparison.answer_beside_view import AnswerBesideView
from apsnet_gui.comparison.edited import EditedBar
from apsnet_gui.comparison.method_header import MethodHeader
from apsnet_gui.comparison.method_scene import MethodScene
from apsnet_gui.comparison.results import MethodResult, WholeCloud, headlines, numbers_of
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import MethodAtSize
from apsnet_gui.state.result import Result
from apsnet_gui.state.scaling import toggle_class
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.document_scene import ViewContents
from apsnet_gui.views.sample_editor import SampleEditor
from apsnet_gui.views.scene_jobs import SceneJobs
from apsnet_gui.widgets.form_rows import GRID, faint

LEAST_VIEW = 216  # the least size in pixels of a view beside an answer
NARROW = 170  # pixels of width below which the header shows only the name
TINY = 40  # the least width and height of a view in pixels
LOW = 2 * TINY  # pixels of height below which a cell of a matrix has no header
WAITING = ["being computed", "…"]  # the texts beside the name until there is a result
SMALL = 420  # pixels of height below which a view counts as small


class MethodView(QFrame):
    """The view of the result at ``place``.

    ``fill_menu`` fills the method's menu. ``attended`` returns all compared results with attention, which
    share one range of colours.
    """

    worded = Signal()  # the words or the width have changed, so the grid must place all words again
    reshaped = Signal()  # the size of the picture has changed, although the size of the cell has not

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
        self._session, self._theme = session, theme
        self._attended = attended
        self._part: MethodResult | None = None
        self._whole: WholeCloud | None = None
        self._in_matrix = False
        self._scenes = SceneJobs[ViewContents](background, self)
        self._scenes.made.connect(self._show)
        self._scenes.failed.connect(lambda why: session.notice.emit("error", why))

        self.header = MethodHeader(place.method, theme, fill_menu)
        self.view = ViewWidget(client)
        self.view.setMinimumSize(TINY, TINY)
        self.view.class_clicked.connect(lambda value: toggle_class(session, value))
        SampleEditor(session, self.view, lambda: self._part.result if self._part else None)
        self.edited = EditedBar(session, self.view)
        self.message = faint()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMargin(2 * GRID)
        self.answer_beside = AnswerBesideView(theme, place.method.row.colour)
        self._lay_out()
        session.selected.changed.connect(self.refresh)
        session.estimated.connect(self._scenes.forget)  # estimates change the scene, but not its parts
        session.estimated.connect(self.refresh)
        theme.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.message)
        self._beside, self._under = QVBoxLayout(), QHBoxLayout()
        self._beside.addWidget(self.answer_beside)
        self._beside.addStretch(1)
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

    # --- the contents ---

    @property
    def part(self) -> MethodResult | None:
        """The result of the method at this size, which may still be incomplete."""
        return self._part

    @property
    def is_settled(self) -> bool:
        """Whether the newest result is drawn."""
        unseen = not self.isVisible() or self._pages.currentWidget() is self.message
        return not self._scenes.busy and (unseen or self.view.is_settled)

    def show_part(self, part: MethodResult | None, whole: WholeCloud | None) -> None:
        """Show the result ``part``, compared with the ``whole`` cloud."""
        self._part, self._whole = part, whole
        self.edited.show_result(part.result if part else None)
        self._tell_problem()
        self.answer_beside.show_part(part, whole)
        self.refresh()
        self._place_answer()
        self.worded.emit()

    def refresh(self) -> None:
        """Make the scene again if its parts or the step have changed."""
        scene, session = self._scene(), self._session
        if scene is not None:
            stepping = session.result is not None and session.step < session.result.sampling.m
            step = session.step if stepping else 0
            self._scenes.ask((*scene.parts, step), lambda: scene.at(step))

    def steps(self) -> Callable[[int], ViewContents]:
        """A function that makes the scene of a step from the present state; it can run on any thread."""
        scene, seen = self._scene(), self.view.scene
        return scene.at if scene is not None else lambda _: ViewContents(seen)

    def _scene(self) -> MethodScene | None:
        """The input of the present picture, None if there is no result or no shape."""
        part, document = self._part, self._session.document
        if part is None or part.result is None or document.active is None:
            return None
        return MethodScene(
            document,
            document.active,
            part,
            part.result,
            self._whole,
            self._attended(),
            self._theme.dark,
            self._pages.height() < SMALL,
            self._session.selected.mark(document.current),
        )

    def _show(self, shown: ViewContents) -> None:
        self.view.set_scene(shown.scene)
        self.view.set_color_bar(shown.bar)

    # --- the appearance ---

    def set_selected(self, selected: bool) -> None:
        """Mark the view to which keys and panels apply."""
        self._set("selected", selected)

    def set_target(self, target: bool) -> None:
        """Mark the view on which a dragged view would be dropped."""
        self._set("target", target)

    def _set(self, name: str, value: bool) -> None:
        if self.property(name) != value:
            self.setProperty(name, value)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_large(self, large: bool) -> None:
        """Set whether the view fills the comparison."""
        self.header.set_large(large)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.set_narrow(self.width() < NARROW)
        self._show_header()
        self._tell_problem()
        self._place_answer()
        self.refresh()  # a small view has larger samples
        self.worded.emit()

    def width_for_words(self, shorter: int = 0) -> int:
        """The width in pixels for the words beside the method's name; ``shorter`` is their version."""
        texts = self._texts
        return self.header.width_for(texts[min(shorter, len(texts) - 1)]) if texts else 0

    def place_words(self, beside: bool, shorter: int = 0) -> None:
        """Write the words beside the method's name, or in a line below it, never over the picture."""
        texts = self._texts
        self.header.place_words(beside)
        self.header.words.say(texts[min(shorter, max(len(texts) - 1, 0)) :])
        if self._part is not None and self._part.row is not None:
            self.header.words.setToolTip(numbers_of(self._part.row, self._part.answer))
        self.view.setAccessibleName(" · ".join([self.spec.label, *texts[:1]]))

    def set_in_matrix(self, in_matrix: bool) -> None:
        """Set whether headers at the edges name method and size, so that the view needs no name."""
        self._in_matrix = in_matrix
        self.header.set_parts("words" if in_matrix else "all")
        self.header.set_narrow(self.width() < NARROW)
        self._show_header()
        self._tell_problem()

    def _show_header(self) -> None:
        """Hide the header in a low cell of a matrix, which needs the height; the table has the words."""
        self.header.setVisible(not self._in_matrix or self.height() >= LOW)

    @property
    def _texts(self) -> list[str]:
        strange = self._whole is not None and self._whole.warning is not None
        return headlines(self._part, strange, sized=not self._in_matrix) if self._part else WAITING

    def _tell_problem(self) -> None:
        """Show why there are no samples; a narrow view only shows that there are none."""
        problem = self._part.problem if self._part and self._part.result is None else None
        self._pages.setCurrentIndex(int(problem is not None))
        said = sentence(problem) if problem else ""
        little = self._in_matrix and self.width() < NARROW
        self.message.setText("not sampled" if said and little else said)
        self.message.setMargin(0 if little else 2 * GRID)
        self.message.setToolTip(said)
        self.message.setAccessibleName(said)

    def _place_answer(self) -> None:
        """Put the answer beside or below the view, or hide it if the view would become too small."""
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


def sentence(text: str) -> str:
    """``text`` with a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")

"""The views on the left of the answers: the shape itself, and the answer to the full cloud."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from apsnet_core.tasks.answer import Answer
from apsnet_core.tasks.registration import Registration
from apsnet_gui.comparison.answer_beside_view import Figures, Lines, turns
from apsnet_gui.comparison.answer_scenes import answer_scene, cloud_scene
from apsnet_gui.comparison.grid import Grid
from apsnet_gui.comparison.grid_layout import GAP
from apsnet_gui.comparison.results import ComparisonResults, WholeCloud
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.document_scene import ViewContents, scene_parts
from apsnet_gui.views.scene_jobs import SceneJobs
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.widgets.qt_types import Ignored

HIGHEST = 1.2  # the largest height of a reference view relative to its width


@dataclass(frozen=True)
class Titled:
    """A scene with its title, a ``word`` to the right of the title, and ``lines`` of numbers."""

    title: str
    word: str
    shown: ViewContents
    lines: Lines = field(default_factory=list)


class ReferenceView(QFrame):
    """A view with a title above it and numbers below it."""

    def __init__(self, client: RenderClient) -> None:
        super().__init__()
        self.setObjectName("cell")
        self.view, self.figures = ViewWidget(client), Figures()
        self.title, self.word = QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.word.setProperty("role", "faint")
        row = QHBoxLayout()
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.addWidget(self.title, 1)
        row.addWidget(self.word)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        column.addWidget(self.figures)

    def show_scene(self, titled: Titled) -> None:
        """Show another scene with its title and numbers."""
        self.title.setText(titled.title)
        self.word.setText(titled.word)
        self.figures.show_lines(titled.lines)
        self.figures.setVisible(bool(titled.lines))
        self.view.set_color_bar(titled.shown.bar)
        self.view.set_scene(titled.shown.scene)


class ReferenceViews(QWidget):
    """The views of the reference; they share the methods' camera, and are hidden unless answers are drawn."""

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        client: RenderClient,
        results: ComparisonResults,
        grid: Grid,
    ) -> None:
        super().__init__()
        self._session, self._theme = session, theme
        self._client, self._results, self._grid = client, results, grid
        self._scenes = SceneJobs[list[Titled]](background, self)
        self._scenes.made.connect(self._show)
        self._scenes.failed.connect(lambda why: session.notice.emit("error", why))
        self.shown: list[ReferenceView] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch()
        self.setAccessibleName("The reference for the answers")
        session.changed.connect(self._refresh)
        results.whole_changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self.hide()

    @property
    def is_settled(self) -> bool:
        """Whether every view is drawn."""
        views = [each.view for each in self.shown if each.isVisible()]
        return not self._scenes.busy and all(view.is_settled for view in views)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._limit()

    def _limit(self) -> None:
        """Limit the height of every view relative to its width."""
        for each in self.shown:
            each.setMaximumHeight(round(HIGHEST * self.width()))

    def _refresh(self, *_: Ignored) -> None:
        document, whole = self._session.document, self._results.whole
        answer = whole.answer if whole is not None else None
        drawn = answer is not None and answer.drawn is not None
        wanted = document.lineup.shown and document.lineup.show != "samples" and drawn
        self.setVisible(wanted)
        if not wanted or whole is None or answer is None or document.active is None:
            self._scenes.forget()
            return
        dark, found, said = self._theme.dark, whole, answer
        parts = *scene_parts(document), document.lineup.show, whole, dark
        self._scenes.ask(parts, lambda: scenes(document, found, said, dark))

    def _show(self, scenes: list[Titled]) -> None:
        while len(self.shown) < len(scenes):
            each = ReferenceView(self._client)
            self._column.insertWidget(len(self.shown), each, 1)
            self.shown.append(each)
            self._limit()
            self._grid.share_camera(each.view)
        for place, each in enumerate(self.shown):
            each.setVisible(place < len(scenes))
        for each, titled in zip(self.shown, scenes, strict=False):
            each.show_scene(titled)


def scenes(document: Document, whole: WholeCloud, answer: Answer, dark: bool) -> list[Titled]:
    """The shape and its reconstruction from all points, or the aligned full clouds.

    ``answer`` is the task net's answer to the ``whole`` cloud.
    """
    before, look = document.lineup.show == "before", document.look
    document = replace(document, look=replace(look, point_size=max(look.point_size - 1, 1)))
    answered = answer_scene(document, answer, whole, None, before, dark)
    verdict = answer.verdict(answer)
    words = verdict.metric.sentence(verdict.value)
    if whole.copy is None or not isinstance(answer, Registration):
        shape = Titled("Original", "", cloud_scene(document, whole.cloud, dark))
        return [shape, Titled("From all points", words, answered)]
    return [Titled("Full clouds", words, answered, turns(answer, whole.copy))]

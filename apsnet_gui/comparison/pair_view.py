"""The reference and another method: a slider between their pictures, or their difference in one picture."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from apsnet_gui.comparison.grid import Grid
from apsnet_gui.comparison.method_scene import MethodScene
from apsnet_gui.comparison.pair_answers import PairAnswers
from apsnet_gui.comparison.pair_scenes import Named, PairScene
from apsnet_gui.comparison.pinning import compare_two, swap
from apsnet_gui.comparison.results import ComparisonResults, MethodResult
from apsnet_gui.comparison.slider_film import SliderFilm
from apsnet_gui.comparison.slider_view import SliderView
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document, Lineup, MethodAtSize
from apsnet_gui.state.result import Result
from apsnet_gui.state.scaling import toggle_class
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.document_scene import ViewContents
from apsnet_gui.views.scene_jobs import SceneJobs
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, dot, faint
from apsnet_gui.widgets.qt_types import Ignored

ALONE = "Add a second method or a second size to compare."
WAITING = "Being computed…"
ROOMY = 620  # pixels of width from which the answers are shown beside the picture


class PairView(QWidget):
    """The view of the line-up's pair and its results; hidden while all methods are shown in the grid."""

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
        self.setObjectName("grid")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._theme, self._results, self._grid = session, theme, results, grid
        self.reference, self.beside = self._choice("Reference"), self._choice("Beside the reference")
        self.swap = QToolButton()
        self.swap.setToolTip("Swap the two")
        self.swap.setAccessibleName("Swap the reference and the method beside it")
        self.swap.clicked.connect(lambda: swap(session))
        self.slider = SliderView(client, theme)
        self.single = ViewWidget(client)
        self.message = faint()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answers = PairAnswers(theme)
        self._lay_out()
        for view in (self.slider.left, self.slider.right, self.single):
            grid.share_camera(view)
        self._jobs = [SceneJobs[ViewContents](background, self) for _ in range(3)]
        views = self.slider.left, self.slider.right, self.single
        for jobs, view in zip(self._jobs, views, strict=True):
            jobs.made.connect(lambda shown, view=view: _show(view, shown))
            jobs.failed.connect(lambda why: session.notice.emit("error", why))
        for view in (self.slider.left, self.slider.right):
            view.class_clicked.connect(lambda value: toggle_class(session, value))
        self._hidden: frozenset[int] = frozenset()  # hidden kinds of samples, see `PairScene`
        self.single.class_clicked.connect(self._hide)
        self._words = SceneJobs[str](background, self)
        self._words.made.connect(self.answers.moves.setText)
        self.slider.released.connect(lambda percent: session.line_up("Move the divider", divider=percent))
        session.changed.connect(self._follow)
        session.step_changed.connect(self._refresh)
        results.part_changed.connect(self._refresh)
        results.whole_changed.connect(self._refresh)
        session.estimated.connect(self._make_anew)
        theme.changed.connect(self._tint)
        self._tint()

    def _choice(self, name: str) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(name)
        box.setToolTip("The reference of the comparison" if name == "Reference" else name)
        box.activated.connect(self._choose)
        return box

    def _lay_out(self) -> None:
        heads = QHBoxLayout()
        heads.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        heads.setSpacing(GRID)
        for widget in (faint("Reference"), self.reference, self.swap, self.beside):
            heads.addWidget(widget)
        heads.addStretch(1)
        self._pages = QStackedWidget()
        for page in (self.slider, self.single, self.message):
            self._pages.addWidget(page)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._pages, 1)
        middle.addWidget(self.answers)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addLayout(heads)
        column.addLayout(middle, 1)

    # --- the public interface ---

    @property
    def view(self) -> ViewWidget:
        """The view to which keys and commands apply; of the slider's two, that of the selected method."""
        if self._pages.currentWidget() is self.single:
            return self.single
        pair = self._lineup.pair
        return self.slider.left if pair is not None and pair[0] == self._lineup.place else self.slider.right

    def snapshot(self, scale: float = 1.0, transparent: bool = False) -> Future[QImage]:
        """The shown picture, ``scale`` times as large; for the slider it has both sides."""
        both = self._pages.currentWidget() is self.slider
        return (self.slider if both else self.single).snapshot(scale, transparent)

    def film(self) -> SliderFilm | None:
        """All steps of both sides of the slider, None if the slider is not shown."""
        scenes = self._both_sides()
        return SliderFilm(self.slider, [scene.at for scene in scenes], self.film_length) if scenes else None

    @property
    def film_length(self) -> int:
        """The number of pictures of `film`, 0 for none."""
        return max((scene.result.sampling.m for scene in self._both_sides()), default=0)

    def _both_sides(self) -> list[MethodScene]:
        """The scenes of both sides of the slider; empty if the slider is not shown."""
        if self._pages.currentWidget() is not self.slider:
            return []
        found = [self._results.parts.get(place) for place in self._lineup.pair or ()]
        parts = [part for part in found if part is not None]
        scenes = [scene for part in parts if (scene := self._scene(part, parts)) is not None]
        return scenes if len(scenes) == 2 else []

    @property
    def is_settled(self) -> bool:
        """Whether the newest results are drawn."""
        views = [view for view in (self.slider.left, self.slider.right, self.single) if view.isVisible()]
        busy = self._words.busy or any(jobs.busy for jobs in self._jobs)
        return not busy and all(view.is_settled for view in views)

    @property
    def _lineup(self) -> Lineup:
        return self._session.document.lineup

    # --- the contents ---

    def _follow(self, before: Document, after: Document) -> None:
        if after.lineup.shown and after.lineup.layout != "grid":
            self._refresh()
        elif before.lineup.shown:
            for jobs in self._jobs:
                jobs.forget()
            self._words.forget()

    def _make_anew(self) -> None:
        """Make the pictures again, because normals or curvature of the cloud were estimated."""
        for jobs in self._jobs:
            jobs.forget()
        self._refresh()

    def _refresh(self, *_: Ignored) -> None:
        lineup, pair = self._lineup, self._lineup.pair
        if not lineup.shown or lineup.layout == "grid":
            return
        self._fill_choices(pair)
        self.slider.set_percent(lineup.divider)
        found = [self._results.parts.get(place) for place in pair or ()]
        parts = [part for part in found if part is not None and part.result is not None]
        self.answers.show_pair(parts if len(parts) == 2 else [], self._results.whole)
        results = [part.result for part in parts if part.result is not None]
        if len(results) == 2:
            self._words.ask(tuple(results), lambda: words_of(*results))
        self._place_answers()
        if pair is None or len(parts) < 2:
            problems = [part.problem for part in found if part is not None and part.problem]
            self._say(ALONE if pair is None else problems[0] if problems else WAITING)
        elif lineup.layout == "slider":
            self._pages.setCurrentWidget(self.slider)
            for part, jobs in zip(parts, self._jobs, strict=False):
                self._draw(part, parts, jobs)
        else:
            self._show_difference(pair, parts)

    def _draw(self, part: MethodResult, both: list[MethodResult], jobs: SceneJobs[ViewContents]) -> None:
        session, scene = self._session, self._scene(part, both)
        if scene is None:
            return
        stepping = session.result is not None and session.step < session.result.sampling.m
        step = session.step if stepping else 0
        jobs.ask((*scene.parts, step), lambda: scene.at(step))

    def _scene(self, part: MethodResult, both: list[MethodResult]) -> MethodScene | None:
        document = self._session.document
        if document.active is None or part.result is None:
            return None
        attended = [each.result for each in both if each.result is not None and each.result.has_attention]
        entry, whole, dark = document.active, self._results.whole, self._theme.dark
        return MethodScene(document, entry, part, part.result, whole, attended, dark, small=False)

    def _show_difference(self, pair: tuple[MethodAtSize, MethodAtSize], parts: list[MethodResult]) -> None:
        one, other = (part.result for part in parts)
        if one is None or other is None:
            return
        names = Named.of(pair[0], pair[1], one), Named.of(pair[1], pair[0], other)
        scene = PairScene(self._session.document, *names, self._theme.dark, self._hidden)
        if (why := scene.missing) is not None:
            self._say(why)
            return
        self._pages.setCurrentWidget(self.single)
        self._jobs[2].ask(scene.parts, scene.make)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self._pages.setCurrentWidget(self.message)

    def _hide(self, kind: int) -> None:
        """Hide a kind of samples of the difference, or show it again, after a click in the legend."""
        self._hidden ^= {kind}
        self._refresh()

    # --- the choice of the two ---

    def _fill_choices(self, pair: tuple[MethodAtSize, MethodAtSize] | None) -> None:
        places, sizes = self._lineup.places, self._session.document.sizes
        for box, now in zip((self.reference, self.beside), pair or (None, None), strict=True):
            texts = [
                place.method.label + (f" · {sizes[place.row]}" if len(sizes) > 1 else "") for place in places
            ]
            if [box.itemText(at) for at in range(box.count())] != texts:
                box.clear()
                for place, text in zip(places, texts, strict=True):
                    box.addItem(dot(place.method.row.colour), text)
            box.setCurrentIndex(places.index(now) if now is not None else -1)
            box.setEnabled(len(places) > 1)
        self.swap.setEnabled(pair is not None)

    def _choose(self, *_: Ignored) -> None:
        """Compare the two methods of the combo boxes; if they are the same, swap the previous two."""
        places, pair = self._lineup.places, self._lineup.pair
        if pair is None:
            return
        chosen = places[self.reference.currentIndex()], places[self.beside.currentIndex()]
        if chosen[0] == chosen[1]:
            chosen = pair[1], pair[0]
        compare_two(self._session, *chosen)

    # --- the appearance ---

    def _tint(self) -> None:
        self.swap.setIcon(self._theme.icon("arrows-left-right", self._theme.colours.text))
        self._refresh()

    def _place_answers(self) -> None:
        self.answers.setVisible(not self.answers.is_empty and self.width() >= ROOMY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_answers()
        self._grid.refit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._grid.refit()


def words_of(reference: Result, beside: Result) -> str:
    """A sentence about the samples that are in both results; this takes a while for many samples."""
    from apsnet_core.evaluation.moved import moved

    return moved(reference.sampling, beside.sampling).words


def _show(view: ViewWidget, shown: ViewContents) -> None:
    view.set_color_bar(shown.bar)
    view.set_scene(shown.scene)

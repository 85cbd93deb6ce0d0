"""The single view: the current shape with its samples."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from apsnet_core.arrays import np
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.document import Document
from apsnet_gui.state.method_names import title
from apsnet_gui.state.result import Result
from apsnet_gui.state.scaling import toggle_class
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.scene import Scene, bounds
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.document_scene import ViewContents, build, scene_parts
from apsnet_gui.views.scene_jobs import SceneJobs
from apsnet_gui.widgets.form_rows import counted
from apsnet_gui.widgets.qt_types import Ignored

Words = tuple[str, str]  # the two parts of a header
_DOT = 200  # a shape that is more than this many times smaller than the scene counts as a dot


class SessionView(QObject):
    """Keeps the scene of ``view`` up to date with the session, while no methods are compared."""

    def __init__(self, session: Session, background: Background, theme: Theme, view: ViewWidget) -> None:
        super().__init__(view)
        self._session, self._theme, self.view = session, theme, view
        self._scenes = SceneJobs[tuple[ViewContents, Words]](background, self, at_once=True)
        self._scenes.made.connect(self._show)
        self._scenes.failed.connect(lambda why: session.notice.emit("error", why))
        self._refit = self._fitting = False
        self._due: Camera | None = None
        self._seen: set[str] = set()  # the ids of the visible shapes in the last scene
        session.changed.connect(self._on_change)
        session.sampled.connect(self.refresh)
        session.step_changed.connect(self.refresh)
        session.camera_changed.connect(self._take_camera)
        session.selected.changed.connect(self.refresh)
        session.estimated.connect(self._scenes.forget)  # estimates change the scene, but not its parts
        session.estimated.connect(self.refresh)
        theme.changed.connect(self.refresh)
        view.camera_changed.connect(lambda camera: session.set_camera(camera, self._fitting))
        view.class_clicked.connect(lambda value: toggle_class(session, value))

    @property
    def is_settled(self) -> bool:
        """Whether the view shows the newest state of the session."""
        return not self._scenes.busy and self.view.is_settled

    def refresh(self, *_: Ignored) -> None:
        """Make the scene again if its parts have changed."""
        session = self._session
        document, result, step, dark = session.document, session.result, session.step, self._theme.dark
        if document.active is None or document.lineup.shown:
            self._scenes.forget()
            return
        mark = session.selected.mark(document.current)
        parts = *scene_parts(document), result, step, dark, mark
        words = _words(document, result)
        self._scenes.ask(parts, lambda: (build(document, result, step, dark, mark), words))

    def steps(self) -> Callable[[int], ViewContents]:
        """A function that makes the scene of a step from the present state; it can run on any thread."""
        document, result, dark = self._session.document, self._session.result, self._theme.dark
        return lambda step: build(document, result, step, dark)

    def _on_change(self, before: Document, after: Document) -> None:
        # The camera stays if the new current shape was already visible.
        there = before.entry(after.current)
        new = before.current != after.current and not (there and there.visible)
        if new and _is_cut_a_little(before, after):
            self.view.camera = self.view.camera  # setting the camera ends its fitting to each scene
        else:
            self._refit = self._refit or new
        if after.active is None:
            self._seen = set()
        self.refresh()

    def _visible(self) -> set[str]:
        """The ids of the shapes that are shown."""
        return {entry.id for entry in self._session.document.entries if entry.visible}

    def _show(self, made: tuple[ViewContents, Words]) -> None:
        """Show a scene with the words made for it, because the document may have changed since."""
        session, (shown, words) = self._session, made
        self.view.set_scene(shown.scene)
        self.view.set_color_bar(shown.bar)
        self.view.set_header(*words)
        if self._due is not None and not self._scenes.is_outdated:
            self.view.camera, self._due = self._due, None
        elif self._refit or not (self._seen & self._visible() or self.view.is_in_sight):
            self._fitting = True
            self.view.fit()
            self._fitting = False
        if self._seen != self._visible() and (said := _dots(session.document, shown.scene)):
            session.standing.emit("far apart", said)
        self._seen = self._visible()
        self._refit = False
        session.set_heat(shown.heat)

    def _take_camera(self, camera: Camera | None) -> None:
        if camera is None or camera == self.view.camera:
            return
        # A scene with another up axis turns the camera, so the given camera must be set after the scene.
        if self._scenes.busy:
            self._due = camera
        else:
            self.view.camera = camera


def _words(document: Document, result: Result | None) -> Words:
    """The header of the picture: the method and details of its samples; without a result the shape's name."""
    if not any(entry.visible for entry in document.entries):
        return "Nothing is shown", "The eye in the list of clouds shows one again"
    entry = document.active
    if result is None or entry is None or result.entry != entry.id:
        return entry.name if entry is not None else "", ""
    what_if = [document.what_if.change.words]
    what_if += [f"edited: {result.edit.words}"] if result.edit else []
    details = [counted(result.sampling.m, "point"), entry.name, *filter(None, what_if)]
    return title(result.choice), " · ".join(details)


def _dots(document: Document, scene: Scene) -> str:
    """A sentence about the visible shapes that are only dots beside the others; empty if there are none."""
    shown = [entry for entry in document.entries if entry.visible]
    across = 2 * bounds(scene).radius
    small = [entry.name for entry in shown if 0 < float(np.linalg.norm(entry.extent)) * _DOT < across]
    if len(shown) < 2 or not small:
        return ""
    why = "They lie so far apart that each is a dot" if len(small) == len(shown) else "Dots beside the others"
    return f"{why}: {', '.join(small)}. The eye in the list hides a shape"


def _is_cut_a_little(before: Document, after: Document) -> bool:
    """Whether the new active shape is an edited version of the previous one, or the reverse.

    Their extents must differ by less than a factor of two.
    """
    was, now = before.active, after.active
    if was is None or now is None or after.entry(was.id) is not None:
        return False
    same = (was.path, was.dataset, was.row) == (now.path, now.dataset, now.row)
    return same and was.kept != now.kept and 0.5 < max(now.extent) / (max(was.extent) or 1.0) < 2.0

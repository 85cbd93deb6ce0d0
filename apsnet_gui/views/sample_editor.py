"""Lets a user drag, remove and add samples with mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent

from apsnet_core.arrays import np
from apsnet_core.evaluation.comparison.edits import Edit, Point
from apsnet_gui.state.method_names import title
from apsnet_gui.state.result import Result
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.picking import Pick, PickIndex
from apsnet_gui.viewport.projection import at_depth, project
from apsnet_gui.viewport.scene import Layer, Scene, SphereLayer, where
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.readout import read_out

WANDER = 4  # pixels that the pointer may move during a click
PACE_MS = 80  # milliseconds between two changes of the document during a drag
SAMPLES = ("samples", "now")
_drags = count()


@dataclass
class _Drag:
    """A dragged sample: its ``number``, the ``edit`` before the drag, and its new position ``at``.

    ``cloud`` finds the points or the surface under the pointer; ``began`` is the pixel where the drag began;
    ``depth`` is the depth of the sample, and ``name`` identifies the drag for the undo history.
    """

    result: Result
    pick: Pick
    number: int
    edit: Edit
    began: QPointF
    cloud: PickIndex
    depth: float
    name: str
    at: Point | None = None


class SampleEditor(QObject):
    """Turns the mouse and key events of a ``view`` that shows ``result()`` into edits of the document.

    A dragged sample snaps to the points of the cloud; beside the cloud it moves at constant depth.
    """

    def __init__(self, session: Session, view: ViewWidget, result: Callable[[], Result | None]) -> None:
        super().__init__(view)
        self._session, self._view, self._result = session, view, result
        self._hover: Pick | None = None
        self._drag: _Drag | None = None
        self._adding: tuple[QPointF, Pick] | None = None
        self._pace = QTimer(self, singleShot=True, interval=PACE_MS)
        self._pace.timeout.connect(self._commit)
        view.hovered.connect(self._on_hover)
        view.describe = self._describe
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event edits a sample; the view gets the others, and all while a tool is active."""
        if self._view.in_hand:
            self._drag = self._adding = None
            return False
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress:
                return self._press(event)
            if kind == QEvent.Type.MouseMove:
                return self._move(event)
            if kind == QEvent.Type.MouseButtonRelease:
                return self._release(event)
        if isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._key(event)
        if kind == QEvent.Type.KeyRelease:
            self._show_cursor()
        return False

    # --- the sample under the pointer ---

    def _number(self, pick: Pick | None, result: Result | None) -> int | None:
        """The number of the picked sample; None for no sample, or one that has moved since it was drawn."""
        if pick is None or result is None or pick.key not in SAMPLES:
            return None
        row = pick.index
        if pick.key == "now":
            row = sum(len(layer.centers) for layer in self._balls if layer.key == "samples")
        points = result.sampling.points
        if row >= len(points) or not np.array_equal(points[row], np.array(pick.xyz, np.float32)):
            return None
        return result.edit.numbers[row] if result.edit else row

    @property
    def _balls(self) -> list[SphereLayer]:
        return [layer for layer in self._view.scene.layers if isinstance(layer, SphereLayer)]

    def _is_cloud(self, pick: Pick | None, result: Result | None) -> bool:
        return pick is not None and result is not None and pick.key == result.entry and bool(self._balls)

    def _on_hover(self, pick: Pick | None) -> None:
        self._hover = pick
        self._show_cursor()

    def _show_cursor(self) -> None:
        result = self._result()
        adds = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        if self._drag is not None:
            self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._number(self._hover, result) is not None:
            self._view.setCursor(Qt.CursorShape.OpenHandCursor)
        elif adds and self._is_cloud(self._hover, result):
            self._view.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self._view.unsetCursor()

    def _describe(self, pick: Pick, scene: Scene) -> str:
        number = self._number(pick, self._result())
        if number is None or self._view.in_hand:
            return read_out(pick, scene, self._session, self._result())
        return f"sample {number + 1}  ({where(scene, pick.xyz)})  drag it, or press Delete"

    # --- the edits ---

    def _press(self, event: QMouseEvent) -> bool:
        adds = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.button() != Qt.MouseButton.LeftButton or not (adds or not event.modifiers()):
            return False
        pick, result = self._view.pick(event.position()), self._result()
        if result is None or pick is None:
            return False
        if adds:
            self._adding = (event.position(), pick) if self._is_cloud(pick, result) else None
            return self._adding is not None
        number = self._number(pick, result)
        index = self._view.pick_index()
        if number is None or index is None:
            return False
        camera, size = self._view.camera, self._view.logical
        [depth] = project(camera, np.array([pick.xyz]), size)[1].tolist()
        edit = result.edit or Edit(result.found.m)
        there = index.without_samples()
        self._drag = _Drag(result, pick, number, edit, event.position(), there, depth, f"drag {next(_drags)}")
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._show_cursor()
        return True

    def _move(self, event: QMouseEvent) -> bool:
        drag = self._drag
        if drag is None:
            return self._adding is not None
        at = event.position().x(), event.position().y()
        if drag.at is None and (event.position() - drag.began).manhattanLength() <= WANDER:
            return True
        under = drag.cloud.at(*at)
        beside = at_depth(drag.cloud.camera, at, drag.depth, drag.cloud.size)
        drag.at = landing(under, drag.result) if under else beside
        self._show_at(drag.pick, drag.at)
        if not self._pace.isActive():
            self._pace.start()
        return True

    def _show_at(self, pick: Pick, place: Point) -> None:
        """Draw the sample at its new position immediately, before its results are computed."""

        def moved(layer: Layer) -> Layer:
            if (
                not isinstance(layer, SphereLayer)
                or layer.key != pick.key
                or pick.index >= len(layer.centers)
            ):
                return layer
            centers = layer.centers.copy()
            centers[pick.index] = place
            return replace(layer, centers=centers)

        scene = self._view.scene
        self._view.set_scene(replace(scene, layers=tuple(map(moved, scene.layers))))

    def _commit(self) -> None:
        drag = self._drag
        if drag is not None and drag.at is not None:
            self._edit(drag.result, "Move a sample", drag.edit.place(drag.number, drag.at), drag.name)

    def _release(self, event: QMouseEvent) -> bool:
        (drag, self._drag), (adding, self._adding) = (self._drag, None), (self._adding, None)
        self._pace.stop()
        if adding is not None:
            result = self._result()
            began, pick = adding
            if result is not None and (event.position() - began).manhattanLength() <= WANDER:
                edit = result.edit or Edit(result.found.m)
                self._edit(result, "Add a sample", edit.add(landing(pick, result)))
                self._view.clicked.emit(pick)
            return True
        if drag is None:
            return False
        if drag.at is None:
            self._view.clicked.emit(drag.pick)
        else:
            self._edit(drag.result, "Move a sample", drag.edit.place(drag.number, drag.at), drag.name)
        self._show_cursor()
        return True

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            drag, self._drag = self._drag, None
            self._pace.stop()
            self._show_at(drag.pick, drag.pick.xyz)
            self._edit(drag.result, "Move a sample", drag.edit, drag.name)
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._drag is None:
            result = self._result()
            number = self._number(self._hover, result)
            if result is not None and number is not None:
                self._remove(result, number)
                return True
        self._show_cursor()
        return False

    def _remove(self, result: Result, number: int) -> None:
        try:
            edit = (result.edit or Edit(result.found.m)).remove(number)
        except ValueError as why:
            self._session.notice.emit("warning", str(why).capitalize() + ".")
            return
        self._edit(result, "Remove a sample", edit)

    def _edit(self, result: Result, text: str, edit: Edit, gesture: str | None = None) -> None:
        self._session.edit_samples(f"{text} of {title(result.choice)}", result.key, edit, gesture)


def landing(pick: Pick, result: Result) -> Point:
    """The position of a sample put at ``pick``; on a surface, the nearest point of the sampled cloud."""
    if not pick.on_surface:
        return pick.xyz
    away = np.square(result.cloud.xyz - np.array(pick.xyz, np.float32)).sum(axis=1)
    x, y, z = result.cloud.xyz[away.argmin()].tolist()
    return x, y, z

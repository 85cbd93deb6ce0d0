"""A view whose camera a user moves by mouse, wheel, keys and clipboard, with picking of points."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from apsnet_core.colours.field_colours import LegendClass
from apsnet_gui.viewport import overlay
from apsnet_gui.viewport.camera import (
    Camera,
    StandardView,
    center_on,
    fit_scene,
    from_json,
    standard_view,
    to_json,
)
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.drawn_view import DrawnView
from apsnet_gui.viewport.history import CameraHistory
from apsnet_gui.viewport.legend import class_at
from apsnet_gui.viewport.navigation import VIEW_KEYS, shifted, turned, wheeled
from apsnet_gui.viewport.picking import Pick, Picker, PickIndex
from apsnet_gui.viewport.scene import Float32, Scene, positions

_LOOK_AGAIN = 20  # ms until the index of the points is requested again
_CLICK = 4  # pixels that the pointer may move during a click


class ViewWidget(DrawnView):
    """Drag to turn, drag with the right or middle button (or Shift) to move, use the wheel to zoom.

    A double click centres the view on a point; a click on a class of the legend emits ``class_clicked``.
    Keys: those of ``VIEW_KEYS``, F (fit), Ctrl+Shift+C and Ctrl+Shift+V (copy and paste the camera), Alt+Left
    and Alt+Right (the previous and the next camera).
    """

    camera_changed = Signal(object)  # Camera; emitted when a user moves it, not when a program sets it
    hovered = Signal(object)  # Pick or None
    clicked = Signal(object)  # Pick
    class_clicked = Signal(int)  # the number of a class in the legend
    menu_wanted = Signal(QPoint)  # a right click without a drag, or the menu key
    _sorted = Signal()

    def __init__(self, client: RenderClient, parent: QWidget | None = None) -> None:
        super().__init__(client, parent)
        self._history = CameraHistory()
        self._grip: tuple[QPointF, QPointF, Qt.MouseButton, bool] | None = None
        self._picker = Picker(self._index_made)
        self._sorted.connect(self._picker.answer, Qt.ConnectionType.QueuedConnection)
        self.describe: Callable[[Pick, Scene], str] = overlay.describe
        self.draw_over: list[Callable[[ViewWidget, QPainter], None]] = []  # draw over the picture
        self.turns_with = Qt.MouseButton.LeftButton  # the button that turns the scene; others move it
        self.hovers = True  # whether the point under the pointer is described
        self.in_hand = False  # whether a tool is active in the view, so that samples cannot be edited
        self._hover: Pick | None = None
        self._cursor = QPointF()
        self._before_legend: QCursor | None = None  # the cursor before the pointer was on a class
        self._look_again = self._timer(_LOOK_AGAIN, self._update_hover)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # the camera

    def move_camera(self, camera: Camera, remember: bool = True) -> None:
        """Move the camera for the user: linked views follow, and the move can be undone."""
        if camera == self._camera:
            return
        if remember:
            self._history.leave(self._camera)
        self.camera = camera
        self.camera_changed.emit(camera)

    def fit(self) -> None:
        """Move the camera so that the whole scene is visible."""
        self.move_camera(fit_scene(self._camera, self._scene, self.logical))

    def look_from(self, view: StandardView) -> None:
        """Look from a standard side: front, back, left, right, top, bottom or isometric."""
        self.move_camera(standard_view(self._camera, view, self._scene.up))

    def hover(self, on: bool) -> None:
        """Turn the description of the point under the pointer on, or off while a tool draws."""
        self.hovers = on
        self._set_hover(None)

    def undo_camera(self) -> None:
        """Go back to the previous camera."""
        if (camera := self._history.back(self._camera)) is not None:
            self.move_camera(camera, remember=False)

    def redo_camera(self) -> None:
        """Go forward to the next camera."""
        if (camera := self._history.forth(self._camera)) is not None:
            self.move_camera(camera, remember=False)

    def copy_camera(self) -> None:
        """Copy the camera to the clipboard."""
        QGuiApplication.clipboard().setText(to_json(self._camera))

    def paste_camera(self) -> None:
        """Use the camera from the clipboard; any other text is ignored."""
        try:
            camera = from_json(QGuiApplication.clipboard().text())
        except ValueError:
            return
        self.move_camera(camera)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._message is not None or self._frame is None:
            return
        with QPainter(self) as painter:
            if self._hover is not None:
                words = self.describe(self._hover, self._scene)
                overlay.draw_hover(painter, self._frame.scene, self.logical, self._hover, words)
            for paint in self.draw_over:
                paint(self, painter)
            if self.hasFocus():
                overlay.draw_focus(painter, self.palette().highlight().color(), self.logical)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = (event.position(), event.position(), event.button(), False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            self._cursor = event.position()
            if not self._rest.isActive():
                self._update_hover()
            self._point_at_class(event.position())
            return
        start, last, button, dragged = self._grip
        if not dragged and (event.position() - start).manhattanLength() <= _CLICK:
            return
        if not dragged:
            self._history.leave(self._camera)
            self._set_hover(None)
        delta = event.position() - last
        self._grip = (start, event.position(), button, True)
        sideways = button != self.turns_with or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if sideways:
            moved = shifted(self._camera, delta.x(), delta.y(), self.logical)
        else:
            moved = turned(self._camera, delta.x(), delta.y(), self.logical, self._scene.up)
        self.move_camera(moved, remember=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if grip is not None and not grip[3] and event.button() == Qt.MouseButton.LeftButton:
            entry = self._class_at(event.position())
            if entry is not None:
                self.class_clicked.emit(entry.value)
            else:
                self.when_picked(event.position(), self._click)
        elif grip is not None and not grip[3] and event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Handle the menu key; a right button opens the menu on release, because it may also drag."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().center()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.when_picked(event.position(), self._center_on)

    def _click(self, pick: Pick | None) -> None:
        if pick is not None:
            self.clicked.emit(pick)

    def _center_on(self, pick: Pick | None) -> None:
        if pick is not None:
            self.move_camera(center_on(self._camera, pick.xyz))

    def leaveEvent(self, event: QEvent) -> None:
        self._look_again.stop()
        self._set_hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._rest.isActive():
            self._history.leave(self._camera)
        at = (event.position().x(), event.position().y())
        self.move_camera(
            wheeled(self._camera, event.angleDelta().y() / 120, at, self.logical), remember=False
        )
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            "F": self.fit,
            "Ctrl+Shift+C": self.copy_camera,
            "Ctrl+Shift+V": self.paste_camera,
            "Alt+Left": self.undo_camera,
            "Alt+Right": self.redo_camera,
        }
        pressed = QKeySequence(event.keyCombination()).toString().replace("Num+", "")
        if pressed in keys:
            keys[pressed]()
            return
        for each in VIEW_KEYS:
            if pressed == each.key or (each.key == "+" and pressed in ("=", "Shift++")):
                self.move_camera(each.move(self._camera, self.logical, self._scene.up))
                return
        super().keyPressEvent(event)

    # the legend

    def _class_at(self, at: QPointF) -> LegendClass | None:
        return class_at(self.caption.bar, self.font(), self.logical, at)

    def _point_at_class(self, at: QPointF) -> None:
        """Show by cursor and tooltip that a class of the legend can be clicked."""
        entry = self._class_at(at)
        if entry is not None:
            self._before_legend = self._before_legend or self.cursor()
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(f"{entry.name}: {entry.count:,} points. Click to {_deed(entry)} them")
        elif self._before_legend is not None:
            self.setCursor(self._before_legend)
            self._before_legend = None
            self.setToolTip("")

    # picking

    def pick(self, at: QPointF) -> Pick | None:
        """The point of the latest scene at a position, None also while a thread sorts the points."""
        index = self.pick_index()
        return index.at(at.x(), at.y()) if index is not None else None

    def pick_index(self) -> PickIndex | None:
        """The index that finds the points of this picture; None while a thread makes it."""
        return self._picker.ready(self._scene, self._camera, self.logical)

    def when_picked(self, at: QPointF, tell: Callable[[Pick | None], None]) -> None:
        """Call ``tell`` with the point at a position of this picture, as soon as its points are sorted.

        Clicks are answered in order. A click on points that have changed since is ignored.
        """
        scene = self._scene

        def found(index: PickIndex) -> None:
            pick = index.at(at.x(), at.y())
            if pick is None or _points(scene, pick) is _points(self._scene, pick):
                tell(pick)

        self._picker.ask((scene, self.seen[1], self.logical), found)

    def _index_made(self) -> None:
        with suppress(RuntimeError):  # the view has been closed
            self._sorted.emit()

    def _request(self, moving: bool) -> None:
        """Request another picture; the point under the pointer is found again when the view is at rest."""
        self._set_hover(None)
        self._picker.leave(self._scene, self._camera, self.logical)
        if not moving and self.underMouse() and not QGuiApplication.mouseButtons():
            self._look_again.start()
        super()._request(moving)

    def _update_hover(self) -> None:
        if not self.hovers:
            return
        index = self.pick_index()
        self._set_hover(index.at(self._cursor.x(), self._cursor.y()) if index is not None else None)
        if index is None:
            self._look_again.start()

    def _set_hover(self, pick: Pick | None) -> None:
        if pick != self._hover:
            self._hover = pick
            self.hovered.emit(pick)
            self.update()


def _points(scene: Scene, pick: Pick) -> Float32 | None:
    """The positions in the layer of a pick; None if the scene has no such layer."""
    return next((positions(layer) for layer in scene.layers if layer.key == pick.key), None)


def _deed(entry: LegendClass) -> str:
    return "show" if entry.hidden else "hide"

"""Selects points by a box, lasso, polygon or brush stroke over a view, or a component by a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF

from apsnet_core.arrays import np
from apsnet_core.types import Float64, Int64
from apsnet_gui.jobs.selecting import How, Selecting, seen_in, together_with
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.ink import ink, paper
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.cloud_tool import CloudTool
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.marks import CHOSEN

if TYPE_CHECKING:
    from apsnet_core.editing.outline import Area

BOX, LASSO, POLYGON, BRUSH, PIECE = "box", "lasso", "polygon", "brush", "piece"
HINTS = {
    BOX: "Drag a box",
    LASSO: "Draw around the points",
    POLYGON: "Click corners; a double click or Enter closes",
    BRUSH: "Paint on the surface; [ and ] change the brush",
    PIECE: "Click a point to select its connected component",
}
_STEP = 2.0  # the least distance in pixels between two points of a path
_NEAR = 8.0  # a click within this many pixels of the first corner closes a polygon
_CLICK = 4.0  # a drag up to this many pixels counts as a click, which selects nothing
_RADII = 4.0, 200.0  # the smallest and largest radius of the brush, in pixels


class SelectTool(CloudTool):
    """Draws with the left button; Shift adds to the selection, Ctrl or Alt removes from it.

    Esc discards the unfinished drawing, or else puts the tool down. ``delete_wanted`` is emitted when Delete
    was pressed.
    """

    delete_wanted = Signal()
    takes_drags = True
    keys = frozenset(
        int(key)
        for key in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Delete,
            Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight,
        )
    )  # fmt: skip

    def __init__(self, hand: Hand, selecting: Selecting) -> None:
        super().__init__(hand)
        self._selecting = selecting
        self._session = hand.session
        self.shape, self.radius = BOX, 20.0
        self._view: ViewWidget | None = None  # the view under the pointer
        self._path: list[QPointF] = []  # the unfinished path in this view
        self._at = QPointF()
        self._how: How = "new"

    def draw(self, shape: str) -> None:
        """Take the tool to draw ``shape``, or put it down if it already draws this shape.

        The shapes are "box", "lasso", "polygon", "brush" and "piece".
        """
        if self.held and shape == self.shape:
            self.put_down()
            return
        self.drop()
        self.shape = shape
        self.take()
        if self.held:
            self._session.selected.hold(shape)

    def end(self) -> None:
        self.drop()
        self._session.selected.hold("")

    def stays(self, before: Document, after: Document) -> bool:
        if before.current != after.current or before.lineup != after.lineup:
            self.drop()
        return super().stays(before, after)

    # --- the mouse ---

    def press(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if view is not self._view or not self._path:
            self._view, self._path = view, []
            self._how = _how(event.modifiers())
        self._at = event.position()
        if self.shape == POLYGON and len(self._path) > 2 and _apart(self._path[0], self._at) <= _NEAR:
            self._finish()
        else:
            self._path.append(event.position())
        self.hand.redraw()
        return True

    def move(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if event.buttons() & ~Qt.MouseButton.LeftButton:
            return False
        if self.shape != POLYGON and not event.buttons():
            self._path = []  # the view missed the release of the button, for example over a dialog
        drawing = bool(self._path)
        if not drawing:
            self._view = view
        if view is not self._view:
            return True
        self._at = event.position()
        drags = event.buttons() & Qt.MouseButton.LeftButton and self.shape in (LASSO, BRUSH)
        if drawing and drags and _apart(self._path[-1], self._at) >= _STEP:
            self._path.append(self._at)
        if drawing or self.shape == BRUSH:
            self.hand.redraw()
        return True

    def release(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._at = event.position()
        if self._path and self.shape != POLYGON:
            self._finish()
        return True

    def double_click(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return True
        if self.shape == POLYGON and view is self._view:
            self._finish()
            return True
        return self.press(view, event)

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.shape == POLYGON:
                self._finish()
            case Qt.Key.Key_Backspace if self._path:
                self._path.pop()
            case Qt.Key.Key_Backspace | Qt.Key.Key_Delete if (
                not event.isAutoRepeat()
            ):  # holding Backspace removes corners, and must not delete points after the last one
                self.delete_wanted.emit()
            case Qt.Key.Key_BracketLeft | Qt.Key.Key_BracketRight:
                factor = 1.25 if event.key() == Qt.Key.Key_BracketRight else 0.8
                self.radius = min(max(self.radius * factor, _RADII[0]), _RADII[1])
            case _:
                return False
        self.hand.redraw()
        return True

    # --- the drawing ---

    def drop(self) -> bool:
        there, self._path = bool(self._path), []
        self.hand.redraw()
        return there

    def _finish(self) -> None:
        """Select the points inside the drawn outline."""
        view, entry = self._view, self._session.document.active
        path = [*self._path, self._at]
        self.drop()
        if view is None or entry is None or len(path) < 2:
            return
        if self.shape == PIECE:
            how = self._how
            view.when_picked(path[0], lambda pick: self._select_piece(entry, pick, how))
            return
        if self.shape != BRUSH and max(_apart(path[0], at) for at in path) <= _CLICK:
            self._select_nothing(entry, self._how)
            return
        brush = self.radius if self.shape == BRUSH else None
        corners = _corners(path) if self.shape == BOX else path
        drawn = np.array([(at.x(), at.y()) for at in corners])
        rows = None if self._session.document.what_if.change else _rows_of(entry.id, view)
        find = seen_in(lambda more: _area(drawn, brush, more), view.seen[1], view.logical, brush, rows)
        self._selecting.select("Select points", find, self._how)

    def _select_piece(self, entry: OpenShape, pick: Pick | None, how: How) -> None:
        """Select the connected component of the point under a click."""
        if not self.held or entry is not self._session.document.active:
            return
        if pick is None:
            self._select_nothing(entry, how)
        elif self.hand.works_on(pick):
            self._selecting.select("Select the connected component", together_with(pick.xyz), how)

    def _select_nothing(self, entry: OpenShape, how: How) -> None:
        if how == "new":
            self._selecting.cancel()
            self._session.selected.choose(entry.id, None)

    def paint(self, view: ViewWidget, painter: QPainter) -> None:
        if view is not self._view:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.shape == BRUSH:
            self._paint_brush(view, painter)
            return
        if not self._path or self.shape == PIECE:
            return
        path = [*self._path, self._at]
        outline = QPolygonF(_corners(path) if self.shape == BOX else path)
        painter.setBrush(QColor(*CHOSEN, 32))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, pen in ((paper(view.scene, 220), 3.0), (ink(view.scene), 1.0)):
            painter.setPen(QPen(colour, pen))
            (painter.drawPolygon if self.shape != POLYGON else painter.drawPolyline)(outline)
            for corner in self._path if self.shape == POLYGON else []:
                painter.drawRect(QRectF(corner.x() - 2.5, corner.y() - 2.5, 5, 5))

    def _paint_brush(self, view: ViewWidget, painter: QPainter) -> None:
        if self._path:
            stroke = QPen(QColor(*CHOSEN, 64), 2 * self.radius)
            stroke.setCapStyle(Qt.PenCapStyle.RoundCap)
            stroke.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(stroke)
            painter.drawPolyline(QPolygonF([*self._path, self._at]))
        for colour, pen in ((paper(view.scene, 220), 3.0), (ink(view.scene), 1.0)):
            painter.setPen(QPen(colour, pen))
            painter.drawEllipse(self._at, self.radius, self.radius)


def _how(modifiers: Qt.KeyboardModifier) -> How:
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return "add"
    taking = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return "remove" if modifiers & taking else "new"


def _apart(a: QPointF, b: QPointF) -> float:
    return float(np.hypot(a.x() - b.x(), a.y() - b.y()))


def _corners(path: list[QPointF]) -> list[QPointF]:
    """The four corners of the box from the beginning of a drag to its end."""
    box = QRectF(path[0], path[-1]).normalized()
    return [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()]


def _area(drawn: Float64, brush: float | None, more: float) -> Area:
    """The drawn area; for a brush, the stroke widened by ``more`` pixels on each side."""
    from apsnet_core.editing.outline import polygon, stroke

    return polygon(drawn) if brush is None else stroke(drawn, brush + more)


def _rows_of(entry: str, view: ViewWidget) -> Int64 | None:
    """The rows of the points of an entry that are not hidden, None for all."""
    layers = [layer for layer in view.seen[0].layers if isinstance(layer, PointLayer) and layer.key == entry]
    return layers[0].rows if layers else None

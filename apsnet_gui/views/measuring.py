"""Measures the distance between two points that a user clicks, and shows it in all views."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPen

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64
from apsnet_core.placing import coordinates_text
from apsnet_core.units import with_unit
from apsnet_gui.state.document import Document
from apsnet_gui.viewport import overlay
from apsnet_gui.viewport.ink import ink, paper
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import bounds
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.one_click import Clicks
from apsnet_gui.views.readout import place_of

_RADIUS = 4.0


@dataclass(frozen=True, eq=False)
class Measure:
    """The line between two points, each (3,) float64 in the file's coordinates.

    ``extent`` is the size of the scene, for the number of digits. ``unit`` is the unit of the coordinates,
    empty if it is not known.
    """

    start: Float64
    end: Float64
    extent: float
    unit: str = ""

    @property
    def distance(self) -> float:
        """The length of the straight line."""
        return float(np.linalg.norm(self.end - self.start))

    @property
    def lines(self) -> tuple[str, str]:
        """The distance, and its components along the axes, in the units of the file."""
        x, y, z = coordinates_text(self.end - self.start, self.extent).split(", ")
        length = coordinates_text((self.distance, 0, 0), self.extent).partition(",")[0]
        told = with_unit(length, self.unit or "units")
        return told, f"dx {x}   dy {y}   dz {z}".replace("-", "\u2212")

    @property
    def text(self) -> str:
        """The text for the clipboard: distance, components and both points."""
        ends = (
            f"from {coordinates_text(self.start, self.extent)}\nto {coordinates_text(self.end, self.extent)}"
        )
        text = "\n".join([f"distance {self.lines[0]}", *self.lines[1:], ends])
        return text.replace("\u2212", "-").replace("\u00a0", " ")  # other programs expect these


class Measuring(Clicks):
    """The first click begins a measure, the second ends it, a third begins another. Drags turn the camera.

    The measure is shown in all views until it is cleared (Delete) or its shape is closed; Esc ends the tool.
    """

    keys = frozenset(
        (
            int(Qt.Key.Key_C) | Qt.KeyboardModifier.ControlModifier.value,
            int(Qt.Key.Key_Delete),
            int(Qt.Key.Key_Backspace),
        )
    )

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self.measure: Measure | None = None
        self._start: tuple[Float64, str] | None = None  # the first point of a new measure, and its entry's id
        self._entries: set[str] = set()
        hand.session.changed.connect(self._forget_closed)

    def listen(self, view: ViewWidget) -> None:
        """Draw the measure in ``view``, even while another tool is held."""
        view.draw_over.append(self._draw)

    def clear(self) -> None:
        """Remove the measure from all views."""
        self.measure = self._start = None
        self._entries = set()
        self.hand.redraw()

    def copy(self) -> bool:
        """Copy the measure to the clipboard, if there is one."""
        if self.measure is None:
            return False
        QGuiApplication.clipboard().setText(self.measure.text)
        self.hand.session.notice.emit("info", f"Copied: {self.measure.lines[0]}")
        return True

    # --- the mouse and keys of the tool ---

    def end(self) -> None:
        super().end()
        if self._start is not None:
            self.clear()

    def double_click(self, view: ViewWidget, event: QMouseEvent) -> bool:
        self._pressed = event.position()
        return True  # a user may click two points quickly, so the view must not centre on the second

    def move(self, view: ViewWidget, event: QMouseEvent) -> bool:
        if self._start is not None and not event.buttons():
            pick = view.pick(event.position())
            if pick is not None:
                extent = 2 * bounds(view.scene).radius
                self.measure = self._measure(
                    self._start[0], place_of(pick, view.scene, self.hand.session), extent
                )
                self.hand.redraw()
        return False

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
            return True
        copies = event.key() == Qt.Key.Key_C and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        return copies and self.copy()

    def stays(self, before: Document, after: Document) -> bool:
        return after.active is not None

    def click(self, view: ViewWidget, at: QPointF) -> None:
        view.when_picked(at, lambda pick: self._take(view, pick))

    def _take(self, view: ViewWidget, pick: Pick | None) -> None:
        if not self.held:
            return
        if pick is None:
            self.hand.missed()
            return
        place = place_of(pick, view.scene, self.hand.session)
        if self._start is None:
            self.measure, self._start, self._entries = None, (place, pick.key), {pick.key}
        else:
            self.measure = self._measure(self._start[0], place, 2 * bounds(view.scene).radius)
            self._start, self._entries = None, self._entries | {pick.key}
            self.hand.session.notice.emit("info", "   ".join(self.measure.lines))
        self.hand.redraw()

    def _measure(self, start: Float64, end: Float64, extent: float) -> Measure:
        """The measure in the current shape's unit, because all shapes are drawn in its coordinates."""
        active = self.hand.session.document.active
        return Measure(start, end, extent, active.shape.unit if active is not None else "")

    def _forget_closed(self, before: Document, after: Document) -> None:
        closed = {entry.id for entry in before.entries} - {entry.id for entry in after.entries}
        if closed & self._entries or (after.active is None and self._entries):
            self.clear()

    # --- the drawing ---

    def _draw(self, view: ViewWidget, painter: QPainter) -> None:
        """Draw the ends, the line between them, and at its middle the distance and its components."""
        if view.frame is None or (self.measure is None and self._start is None):
            return
        scene, camera = view.frame.scene, view.frame.camera
        places = [self._start[0]] if self._start else []
        places = [self.measure.start, self.measure.end] if self.measure else places
        pixels, depth = project(camera, np.array(places) - scene.offset, view.logical)
        if not camera.orthographic and (depth <= 0).any():
            return
        ends = [QPointF(x, y) for x, y in pixels.tolist()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((paper(scene, 220), 4.0), (ink(scene), 1.5)):
            painter.setPen(QPen(colour, width))
            if len(ends) == 2:
                painter.drawLine(*ends)
            for end in ends:
                painter.drawEllipse(end, _RADIUS, _RADIUS)
        if self.measure is not None:
            middle = (ends[0] + ends[1]) / 2 + QPointF(12, -16)
            overlay.draw_lines(painter, scene, view.logical, middle, list(self.measure.lines))

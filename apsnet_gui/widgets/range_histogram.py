"""A histogram in the colours of a colour map, with two handles for the ends of the colour range."""

from __future__ import annotations

from math import exp, log

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from apsnet_core.arrays import np
from apsnet_core.types import Float64, Int64, UInt8

_HEIGHT, _HANDLE = 64, 6  # pixels; _HANDLE is half the width of a handle
_STEP, _LEAP = 0.01, 0.1  # the step of an arrow key as a fraction of the width, without and with Shift
_ARROWS = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}


class RangeHistogram(QWidget):
    """The histogram. A handle is dragged, or chosen with Up and Down and moved with Left, Right, Home, End.

    ``moved`` carries both ends and the number of the gesture to which the change belongs; a gesture is a
    drag, or all key presses between two drags.
    """

    moved = Signal(float, float, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(
            "Drag the two handles: values between them share the colours.\n"
            "Keys: Up and Down choose a handle, Left and Right move it (with Shift in larger steps), "
            "Home and End move it to its end."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_HEIGHT)
        self._counts: Int64 = np.zeros(1, np.int64)
        self._edges: Float64 = np.array([0.0, 1.0])
        self._log = False
        self._table: UInt8 = np.full((256, 3), 128, np.uint8)
        self._ends = [0.0, 1.0]
        self._active, self._grip, self._gesture = 0, False, 0

    def set_counts(self, counts: Int64, edges: Float64, logarithmic: bool) -> None:
        """Show counts (k,) between edges (k + 1,), evenly spaced on the linear or logarithmic axis."""
        self._counts, self._edges, self._log = counts, edges, logarithmic
        self.update()

    def set_table(self, table: UInt8) -> None:
        """Set the colour map (256, 3)."""
        self._table = table
        self.update()

    def set_range(self, low: float, high: float) -> None:
        """Place the handles; ignored during a drag."""
        if not self._grip:
            self._ends = [low, high]
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def place(self, value: float) -> float:
        """The x coordinate of a value in pixels, clipped to the axis."""
        first, last, at = (self._even(each) for each in (*self._edges[[0, -1]].tolist(), value))
        share = (at - first) / (last - first) if last > first else 0.5
        return _HANDLE + min(max(share, 0.0), 1.0) * self._room

    @property
    def _room(self) -> float:
        return max(self.width() - 2 * _HANDLE, 1)

    def _even(self, value: float) -> float:
        return log(max(value, 1e-300)) if self._log else value

    def _value(self, x: float) -> float:
        first, last = (self._even(each) for each in self._edges[[0, -1]].tolist())
        share = min(max((x - _HANDLE) / self._room, 0.0), 1.0)
        if share in (0.0, 1.0):
            return float(self._edges[0 if share == 0 else -1])
        at = first + share * (last - first)
        return exp(at) if self._log else at

    def _move(self, x: float) -> None:
        """Move the active handle to the x coordinate, at least one pixel from the other handle."""
        other = self.place(self._ends[1 - self._active])
        x = min(x, other - 1) if self._active == 0 else max(x, other + 1)
        if not _HANDLE <= x <= _HANDLE + self._room:
            x = min(max(x, _HANDLE), _HANDLE + self._room)
        value = self._value(x)
        ends = [value, self._ends[1]] if self._active == 0 else [self._ends[0], value]
        if ends[0] < ends[1] and ends != self._ends:
            self._ends = ends
            self.update()
            self.moved.emit(*ends, self._gesture)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        low, high = (self.place(end) for end in self._ends)
        self._active = int(abs(x - high) < abs(x - low) or (x > high and low == high))
        self._grip, self._gesture = True, self._gesture + 1
        self._move(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip:
            self._move(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = False
        self._gesture += 1

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._gesture += 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, here = event.key(), self.place(self._ends[self._active])
        large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._active = int(key == Qt.Key.Key_Up)
            self.update()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(here + _ARROWS[Qt.Key(key)] * (_LEAP if large else _STEP) * self._room)
        elif key == Qt.Key.Key_Home:
            self._move(0 if self._active == 0 else self.place(self._ends[0]) + 1)
        elif key == Qt.Key.Key_End:
            self._move(self.width() if self._active == 1 else self.place(self._ends[1]) - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        bottom = self.height() - 8.0
        with QPainter(self) as painter:
            self._paint_bars(painter, bottom)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self.palette().text().color()
            for number, end in enumerate(self._ends):
                active = self.hasFocus() and number == self._active
                colour = self.palette().highlight().color() if active else ink
                x = self.place(end)
                painter.setPen(QPen(colour, 1.5))
                painter.drawLine(QPointF(x, 2), QPointF(x, bottom))
                painter.setBrush(colour)
                painter.setPen(Qt.PenStyle.NoPen)
                foot = [QPointF(x, bottom - 4), QPointF(x + 5, bottom + 5), QPointF(x - 5, bottom + 5)]
                painter.drawPolygon(QPolygonF(foot))

    def _paint_bars(self, painter: QPainter, bottom: float) -> None:
        """Draw bars for the square roots of the counts, so that common values do not hide all others."""
        highest = max(float(np.sqrt(self._counts.max())), 1.0) if len(self._counts) else 1.0
        width = self._room / len(self._counts)
        low, high = (self.place(end) for end in self._ends)
        for number, count in enumerate(self._counts.tolist()):
            left = _HANDLE + number * width
            middle = left + width / 2
            share = (middle - low) / (high - low) if high > low else 0.5
            red, green, blue = self._table[int(min(max(share, 0.0), 1.0) * 255)].tolist()
            tall = count**0.5 / highest * (bottom - 4)
            painter.fillRect(QRectF(left, bottom - tall, width + 0.5, tall), QColor(red, green, blue))
        line = self.palette().mid().color()
        painter.fillRect(QRectF(_HANDLE, bottom, self._room, 1), line)

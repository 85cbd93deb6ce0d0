"""Two overlapping views with a divider: one is visible to the left of it, the other to the right."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget

WIDE = 22  # pixels of the divider that take the mouse
LINE = 1.5  # pixels that the line of the divider is wide
STEP, LEAP = 1, 10  # percent by which a key moves the divider, without and with Shift


class SliderView(QWidget):
    """The two views; both pictures are drawn completely, so that a move of the divider draws nothing.

    ``moved`` carries the divider's new position in percent of the width, during a drag; ``released`` is
    emitted after a drag and after each key.
    """

    moved = Signal(int)
    released = Signal(int)

    def __init__(self, client: RenderClient, theme: Theme) -> None:
        super().__init__()
        self._theme, self._percent = theme, 50
        self.left = ViewWidget(client, self)
        self._window = QWidget(self)  # the visible part of the right view
        self.right = ViewWidget(client, self._window)
        self.divider = Divider(self, theme)
        self.divider.moved.connect(self._drag)
        self.divider.released.connect(lambda: self.released.emit(self._percent))

    @property
    def percent(self) -> int:
        """The position of the divider in percent of the width."""
        return self._percent

    def set_percent(self, percent: int) -> None:
        """Move the divider to this position."""
        self._percent = min(max(percent, 0), 100)
        self._place()

    def snapshot(self, scale: float = 1.0, transparent: bool = False) -> Future[QImage]:
        """The visible picture, ``scale`` times as large; the future is resolved on the GUI thread."""
        drawn = [view.snapshot(scale, transparent) for view in (self.left, self.right)]
        join = self.joining(scale)
        whole: Future[QImage] = Future()

        def finish(_: Future[QImage]) -> None:
            if whole.done() or not all(each.done() for each in drawn):
                return
            if (error := next(filter(None, (each.exception() for each in drawn)), None)) is not None:
                whole.set_exception(error)
            else:
                whole.set_result(join(drawn[0].result(), drawn[1].result()))

        for each in drawn:
            each.add_done_callback(finish)
        return whole

    def joining(self, scale: float = 1.0) -> Callable[[QImage, QImage], QImage]:
        """A function that joins pictures of both sides at the present divider; it can run on any thread."""
        share, ratio = self._percent / 100, self.devicePixelRatioF() * scale
        colour = QColor(self._theme.colours.text)

        def join(left: QImage, right: QImage) -> QImage:
            at = round(left.width() * share)
            with QPainter(left) as painter:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.drawImage(at, 0, right, at, 0)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                painter.setPen(QPen(colour, LINE * ratio))
                painter.drawLine(QPointF(at, 0), QPointF(at, left.height()))
            return left

        return join

    def _drag(self, percent: int) -> None:
        self.set_percent(percent)
        self.moved.emit(self._percent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.left.setGeometry(self.rect())
        self.right.resize(self.size())
        self._place()

    def _place(self) -> None:
        at, height = round(self.width() * self._percent / 100), self.height()
        self._window.setGeometry(at, 0, self.width() - at, height)
        self.right.move(-at, 0)
        self.divider.setGeometry(at - WIDE // 2, 0, WIDE, height)
        self.divider.raise_()


class Divider(QWidget):
    """The line between the views, with a grip. Keys: Left and Right (farther with Shift), Home and End."""

    moved = Signal(int)
    released = Signal()

    def __init__(self, view: SliderView, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Divider between the two methods")
        self.setToolTip("Drag, or press Left and Right (with Shift further); a double click centres it")
        theme.changed.connect(self.update)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            at = self._view.mapFromGlobal(event.globalPosition()).x()
            self.moved.emit(round(100 * at / max(self._view.width(), 1)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._go(50)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        now = self._view.percent
        step = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        to = {
            Qt.Key.Key_Left: now - step,
            Qt.Key.Key_Right: now + step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: 100,
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        else:
            self._go(to)

    def _go(self, percent: int) -> None:
        self.moved.emit(percent)
        self.released.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, middle = self._theme.colours, WIDE / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = QColor(colours.accent if self.hasFocus() else colours.text)
            painter.setPen(QPen(line, 2 if self.hasFocus() else LINE))
            painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
            grip = QRectF(middle - 9, self.height() / 2 - 16, 18, 32)
            painter.setBrush(line)  # the colour of the line, because a pale grip is invisible on a pale cloud
            painter.drawRoundedRect(grip, 6, 6)
            painter.setPen(QPen(QColor(colours.back), LINE))
            for off in (-3, 3):
                painter.drawLine(grip.center() + QPointF(off, -6), grip.center() + QPointF(off, 6))

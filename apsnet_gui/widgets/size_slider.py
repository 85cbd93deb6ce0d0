"""A logarithmic slider for sample sizes, with marks at the sizes that weights were trained for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from apsnet_gui.widgets.fields import Slider
from apsnet_gui.widgets.form_rows import counted

STEPS = 10_000


class SizeSlider(Slider):
    """A slider from 1 to ``limit``. It snaps to a near mark; the arrow keys change the size by one."""

    size_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, STEPS)
        self.setAccessibleName("Number of points, slider")
        self.setPageStep(STEPS // 10)
        self._limit, self._size = 2048, 32
        self.marks: tuple[int, ...] = ()
        self.valueChanged.connect(self._moved)

    @property
    def size_value(self) -> int:
        """The number of points."""
        return self._size

    def set_size(self, size: int, limit: int, marks: Sequence[int] = ()) -> None:
        """Show ``size`` of at most ``limit``, without a signal."""
        self._limit, self._size, self.marks = (
            max(limit, 1),
            size,
            tuple(mark for mark in marks if mark <= limit),
        )
        with QSignalBlocker(self):
            self.setValue(self._position(size))
        self.update()

    def _position(self, size: int) -> int:
        return round(STEPS * math.log(max(size, 1)) / math.log(self._limit)) if self._limit > 1 else 0

    def _moved(self, position: int) -> None:
        near = [mark for mark in self.marks if abs(self._position(mark) - position) < STEPS // 60]
        size = near[0] if near else max(1, min(round(self._limit ** (position / STEPS)), self._limit))
        self._choose(size)

    def _choose(self, size: int) -> None:
        if size != self._size:
            self._size = size
            self.setAccessibleDescription(counted(size, "point"))
            self.size_changed.emit(size)

    def _step(self, by: int) -> None:
        size = max(1, min(self._size + by, self._limit))
        with QSignalBlocker(self):
            self.setValue(self._position(size))
        self._choose(size)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        if Qt.Key(event.key()) in steps:
            self._step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        handle = self.handle_width
        room = self.width() - handle
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        for mark in self.marks:
            x = handle // 2 + round(room * self._position(mark) / STEPS)
            painter.drawLine(x, self.height() - 4, x, self.height() - 1)
        painter.end()

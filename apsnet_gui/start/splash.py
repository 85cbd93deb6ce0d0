"""An empty frame on the screen while the program loads: it has the window's place and colour."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme

SIZE = QSize(1280, 800)  # at the first start, where the screen is large enough
AROUND = QSize(16, 48)  # pixels for what the window system puts around a window
PATIENCE = 1.0  # seconds; do not wait longer for a screen that shows nothing


class FirstFrame(QWidget):
    """Stands where the window will stand, in its colours."""

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("APSNet Studio")
        if not self.restoreGeometry(settings.state("geometry")):
            room = self.screen().availableGeometry()
            place = QRect(room.topLeft(), SIZE.boundedTo(room.size() - AROUND))
            place.moveCenter(room.center())
            self.setGeometry(place)
        self._colours = theme.colours
        self._painted = False

    def show_now(self) -> None:
        """Show the frame; returns once it is painted."""
        self.show()
        until = time.monotonic() + PATIENCE
        while not self._painted and time.monotonic() < until:
            QApplication.processEvents()

    def give_place_to(self, window: QWidget) -> None:
        """Put the window where the frame stands: window systems put a second one beside it."""
        window.restoreGeometry(self.saveGeometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted = True
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._colours.panel))
            painter.setPen(QColor(self._colours.faint))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "APSNet Studio")

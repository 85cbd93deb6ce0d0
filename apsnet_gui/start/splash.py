"""A placeholder window, with the position and colour of the main window, while the program loads."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme

SIZE = QSize(1280, 800)  # at the first start, if the screen is large enough
AROUND = QSize(16, 48)  # pixels for the window frame of the system
PATIENCE = 1.0  # the longest time in seconds to wait for the first paint


class FirstFrame(QWidget):
    """A placeholder in the position and colours of the main window."""

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
        """Show the frame, and return when it is painted or `PATIENCE` has passed."""
        self.show()
        until = time.monotonic() + PATIENCE
        while not self._painted and time.monotonic() < until:
            QApplication.processEvents()

    def give_place_to(self, window: QWidget) -> None:
        """Move the window to the position of the frame; window systems would put it beside the frame."""
        window.restoreGeometry(self.saveGeometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted = True
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._colours.panel))
            painter.setPen(QColor(self._colours.faint))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "APSNet Studio")

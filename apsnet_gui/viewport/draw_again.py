"""A button that starts the renderer again after the program stopped restarting it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton, QWidget

from apsnet_gui.viewport.client import RenderClient


class DrawAgain(QPushButton):
    """The button "Draw again": shown on ``view``, below the message, while there is no renderer."""

    def __init__(self, view: QWidget, client: RenderClient) -> None:
        super().__init__("Draw again", view)
        self.setToolTip("Start the 3D renderer once more")
        self._view = view
        self.clicked.connect(client.draw_again)
        client.unavailable.connect(self._appear)
        client.tried_again.connect(self.hide)
        view.installEventFilter(self)
        self.setVisible(client.why_unavailable is not None)

    def _appear(self) -> None:
        self.show()
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._view.width() - self.width()) // 2, self._view.height() * 3 // 4)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        return False

"""A button that shows and hides the widget below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget


class Fold(QToolButton):
    """A button that shows ``body`` while it is checked; unchecked at first."""

    def __init__(self, title: str, body: QWidget) -> None:
        super().__init__()
        self._body = body
        self.setText(title)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._open)
        self._open(False)

    def _open(self, open: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if open else Qt.ArrowType.RightArrow)
        self._body.setVisible(open)

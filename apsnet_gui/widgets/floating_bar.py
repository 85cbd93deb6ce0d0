"""A bar of a tool that lies over a picture, at the middle of its lower edge, and changes no sizes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from apsnet_gui.widgets.form_rows import GRID


class FloatingBar(QFrame):
    """Rows of controls over ``picture``, hidden at first. Its buttons leave the keys to the views."""

    def __init__(self, picture: QWidget, name: str) -> None:
        super().__init__(picture)
        self._picture = picture
        self.setObjectName("floatingBar")
        self.setAccessibleName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        self._column.setSpacing(GRID // 2)
        self._column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        picture.installEventFilter(self)
        self.hide()

    def add_row(self, *widgets: QWidget) -> None:
        """Put controls below those that are there."""
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        for widget in widgets:
            if widget.focusPolicy() == Qt.FocusPolicy.StrongFocus:
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(widget)
        self._column.addLayout(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the edge of the picture."""
        if watched is not self and event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def resizeEvent(self, event: QEvent) -> None:
        self.place()

    def place(self) -> None:
        """Move to the middle of the lower edge."""
        picture, size = self._picture, self.size()
        self.move((picture.width() - size.width()) // 2, picture.height() - size.height() - GRID)
        self.raise_()

"""The title of a dock: its name and a cross. Dragging moves the dock, a double click sets it afloat."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.form_rows import GRID


class DockTitle(QWidget):
    """A title bar in the theme's colours."""

    def __init__(self, dock: QDockWidget, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._close = QToolButton()
        self._close.setAccessibleName(f"Close the panel {dock.windowTitle()}")
        self._close.setToolTip("Close this panel; the menu Window brings it back")
        self._close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, GRID, GRID, GRID // 2)
        row.addWidget(QLabel(dock.windowTitle()), 1)
        row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        self._close.setIcon(self._theme.icon("x", self._theme.colours.faint))

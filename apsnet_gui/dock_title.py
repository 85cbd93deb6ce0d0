"""The title of a dock: its name, and a cross that closes it. Dragging moves it, a double click sets it afloat."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from apsnet_gui.panels.rows import GRID
from apsnet_gui.theme import Theme


def dock_title(dock: QDockWidget, theme: Theme) -> QWidget:
    """A title bar for ``dock`` in the theme's colours."""
    bar = QWidget(objectName="dockTitle")
    row = QHBoxLayout(bar)
    row.setContentsMargins(GRID + 4, GRID, GRID, GRID // 2)
    row.addWidget(QLabel(dock.windowTitle()), 1)
    close = QToolButton()
    close.setAccessibleName(f"Close the panel {dock.windowTitle()}")
    close.setToolTip("Close this panel; the menu Window brings it back")
    close.clicked.connect(dock.close)
    row.addWidget(close)
    bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def tint() -> None:
        close.setIcon(theme.icon("x", theme.colours.faint))

    theme.changed.connect(tint)
    tint()
    return bar

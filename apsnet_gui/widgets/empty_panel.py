"""The page of a panel without content: it explains the panel and has buttons that fill it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from apsnet_gui.widgets.form_rows import GRID, faint

OPEN_FIRST = "Open a shape first"


def empty_panel(
    words: str, *buttons: tuple[str, Callable[[], object]], above: QLabel | None = None
) -> QWidget:
    """Make a page with ``words`` and below them ``buttons`` (text, callback); ``above`` is put at the top."""
    page = QWidget()
    page.setObjectName("panelBody")
    column = QVBoxLayout(page)
    column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
    column.setSpacing(GRID)
    if above is not None:
        column.addWidget(above)
    column.addWidget(faint(words))
    for text, call in buttons:
        button = QPushButton(text)
        button.clicked.connect(lambda _=False, call=call: call())
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    column.addStretch(1)
    return page


def want(page: QWidget, wanted: str) -> None:
    """Disable the buttons of an empty panel, with ``wanted`` as the tooltip; "" enables them."""
    for button in page.findChildren(QPushButton):
        button.setEnabled(not wanted)
        button.setToolTip(wanted)


def pages_in(panel: QWidget, *pages: QWidget) -> QStackedWidget:
    """Fill a panel with a stack of ``pages``, of which the first is shown."""
    stacked = QStackedWidget()
    for page in pages:
        stacked.addWidget(page)
    outer = QVBoxLayout(panel)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(stacked)
    return stacked

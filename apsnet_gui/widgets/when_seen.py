"""Delay the work of a widget, for instance after a change of the theme, until the widget is visible."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from apsnet_gui.widgets.qt_types import Ignored


class WhenSeen(QObject):
    """Calls ``do`` for ``widget`` immediately if it is visible, otherwise when it is next painted."""

    def __init__(self, widget: QWidget, do: Callable[[], object]) -> None:
        super().__init__(widget)
        self._widget, self._do, self._waits = widget, do, False
        widget.installEventFilter(self)

    def ask(self, *_: Ignored) -> None:
        """Call ``do``, now or later; several requests while it is hidden lead to a single call."""
        # isVisible() does not suffice: it is also true for a panel behind the tab of another one.
        self._waits = self._widget.visibleRegion().isEmpty()
        if not self._waits:
            self._do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._waits and event.type() == QEvent.Type.Paint:
            self._waits = False
            QTimer.singleShot(0, self, self._do)
        return False

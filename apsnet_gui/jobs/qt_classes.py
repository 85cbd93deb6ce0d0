"""Makes the classes of Qt's modules on the GUI thread, before another thread asks for them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer


def make_classes(parent: QObject, then: Callable[[], None]) -> None:
    """Make them, a module in a turn of the event loop, and go on with ``then``, unless ``parent`` is gone.

    PySide makes a class when it is first asked for, and crashes where two threads do so at once. A module
    that is imported beside the window may ask for all of them, as pyqtgraph does.
    """
    modules = [QtWidgets, QtGui, QtCore]

    def turn() -> None:
        if not modules:
            then()
            return
        module = modules.pop()
        for name in dir(module):
            getattr(module, name)
        QTimer.singleShot(0, parent, turn)

    turn()

"""Makes the classes of Qt's modules on the GUI thread, before another thread asks for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6 import QtCore, QtGui, QtWidgets

_STEP = 0.005  # seconds


def make_classes() -> Iterator[None]:
    """Make them in steps.

    PySide makes a class when it is first asked for, and crashes where two threads do so at once. A module
    that is imported beside the window may ask for all of them, as pyqtgraph does.
    """
    began = time.perf_counter()
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            if time.perf_counter() - began > _STEP:
                yield
                began = time.perf_counter()

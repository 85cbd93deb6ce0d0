"""Create the Python classes of Qt's modules on the GUI thread before another thread accesses them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6 import QtCore, QtGui, QtWidgets

_STEP = 0.005  # seconds


def make_classes() -> Iterator[None]:
    """Create the classes in steps of about 5 ms, between which the caller can handle events.

    PySide creates a class on first access, and crashes if two threads do so at the same time. A module that
    is imported on a worker thread may access all of them, as pyqtgraph does.
    """
    began = time.perf_counter()
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            if time.perf_counter() - began > _STEP:
                yield
                began = time.perf_counter()

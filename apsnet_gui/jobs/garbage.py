"""Searches for garbage on the GUI thread, and on no other."""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QTimer

LOOK_MS = 250


def search_for_garbage() -> None:
    """Search for garbage from now on, among new objects alone.

    Python searches on the thread that happens to allocate, and what it finds is destroyed there. A timer or
    another QObject that belongs to a circle of references would vanish under the event loop, and the program
    crash now and then. So Python's own search stays off, and a timer of the application does its work.

    The objects of all imported modules stay for good; searching them takes 0.1 s with the interpreter lock
    held.
    """
    gc.disable()
    application = QCoreApplication.instance()
    assert application is not None
    if application.findChild(QTimer, __name__) is not None:
        return
    gc.freeze()
    timer = QTimer(application)
    timer.setObjectName(__name__)
    timer.timeout.connect(_search)
    timer.start(LOOK_MS)


def _search() -> None:
    """Search the oldest generation that is due by Python's own thresholds."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return

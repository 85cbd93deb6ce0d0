"""Run Python's garbage collector only on the GUI thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QTimer

LOOK_MS = 250


def search_for_garbage() -> None:
    """Collect garbage with a timer of the application from now on, only among objects created later.

    Python's automatic collection runs on whichever thread allocates, and destroys objects on that thread. If
    a timer or another QObject in a reference cycle is destroyed there while the event loop uses it, the
    program can crash. So the automatic collection is disabled.

    The objects of all imported modules are frozen, because they stay for good and searching them takes 0.1 s
    while holding the interpreter lock.
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
    """Collect the oldest generation that exceeds Python's own thresholds."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return

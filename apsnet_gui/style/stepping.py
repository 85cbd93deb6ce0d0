"""Long work of the window in steps, between which it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

STEP_SECONDS = 0.005
Each = TypeVar("Each")


def go_through(owner: QObject, steps: Iterator[None]) -> None:
    """Take one of the ``steps`` in each round of the event loop while ``owner`` lives."""
    if next(steps, steps) is None:
        # Of timers without delay two run in one round.
        QTimer.singleShot(1, owner, lambda: go_through(owner, steps))


def made(makers: Iterable[Callable[[], object]]) -> Iterator[None]:
    """Make one thing after another; what is a widget gets its style too."""
    for make in makers:
        part = make()
        yield
        if isinstance(part, QWidget):
            yield from polished(part)


def polished(widget: QWidget) -> Iterator[None]:
    """Give ``widget`` and all in it their style, to appear without a pause."""
    yield from in_slices(_polish, [widget, *widget.findChildren(QWidget)])


def _polish(widget: QWidget) -> None:
    if isValid(widget):  # it may have gone meanwhile
        widget.ensurePolished()


def in_slices(do: Callable[[Each], None], each_of: Iterable[Each]) -> Iterator[None]:
    """``do`` something with one after another; a step takes `STEP_SECONDS`."""
    began = time.perf_counter()
    for each in each_of:
        if time.perf_counter() - began > STEP_SECONDS:
            yield
            began = time.perf_counter()
        do(each)
    yield

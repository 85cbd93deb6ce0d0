"""Long work of the window in steps, between which it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

STEP_SECONDS = 0.005
_LONG_SECONDS = 0.008  # of a round in which no step is taken
_PATIENCE = 5  # such rounds one after another
Each = TypeVar("Each")


def go_through(owner: QObject, steps: Iterator[None]) -> None:
    """Take one of the ``steps`` now, and one in each round of the event loop while ``owner`` lives.

    A round in which the window was laid out or painted is left out: a step would make it longer.
    """
    if next(steps, steps) is None:
        _wait(owner, steps, _PATIENCE)


def soon(owner: QObject, act: Callable[[], object]) -> None:
    """``act`` in one of the next rounds, as a step."""
    go_through(owner, chain([None], made([act])))


def _wait(owner: QObject, steps: Iterator[None], patience: int) -> None:
    asked = time.perf_counter()

    def go_on() -> None:
        if patience and time.perf_counter() - asked > _LONG_SECONDS:
            _wait(owner, steps, patience - 1)
        else:
            go_through(owner, steps)

    # Of timers without delay two run in one round.
    QTimer.singleShot(1, owner, go_on)


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

"""Run long work on the GUI thread in steps, between which the window handles events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

STEP_SECONDS = 0.005
_LONG_SECONDS = 0.008  # a round of the event loop that takes longer gets no step
_PATIENCE = 5  # the largest number of consecutive rounds without a step
Each = TypeVar("Each")


def go_through(owner: QObject, steps: Iterator[None]) -> None:
    """Run one of the ``steps`` now and one in each round of the event loop, as long as ``owner`` exists.

    A round in which the window was laid out or painted is skipped, because a step would make it longer.
    """
    if next(steps, steps) is None:
        _wait(owner, steps, _PATIENCE)


def soon(owner: QObject, act: Callable[[], object]) -> None:
    """Call ``act`` as a step in one of the next rounds of the event loop."""
    go_through(owner, chain([None], made([act])))


def _wait(owner: QObject, steps: Iterator[None], patience: int) -> None:
    asked = time.perf_counter()

    def go_on() -> None:
        if patience and time.perf_counter() - asked > _LONG_SECONDS:
            _wait(owner, steps, patience - 1)
        else:
            go_through(owner, steps)

    # With a delay of 0, two timers could fire in the same round.
    QTimer.singleShot(1, owner, go_on)


def made(makers: Iterable[Callable[[], object]]) -> Iterator[None]:
    """Call ``makers`` one after another in steps; results that are widgets are also styled."""
    for make in makers:
        part = make()
        yield
        if isinstance(part, QWidget):
            yield from polished(part)


def polished(widget: QWidget) -> Iterator[None]:
    """Style ``widget`` and its children in steps, so that it later appears without a delay."""
    yield from in_slices(_polish, [widget, *widget.findChildren(QWidget)])


def _polish(widget: QWidget) -> None:
    if isValid(widget):  # it may have been deleted in the meantime
        widget.ensurePolished()


def in_slices(do: Callable[[Each], None], each_of: Iterable[Each]) -> Iterator[None]:
    """Call ``do`` for each item, in steps of about `STEP_SECONDS`."""
    began = time.perf_counter()
    for each in each_of:
        if time.perf_counter() - began > STEP_SECONDS:
            yield
            began = time.perf_counter()
        do(each)
    yield

"""Detect threads that use widgets: only the GUI thread may, because the program can crash otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget


class TouchedOffThread(AssertionError):
    """Raised in a thread that is about to call a method of a widget or pixmap."""


def guard_widgets(tell: Callable[[str], None] = lambda _: None) -> None:
    """Raise `TouchedOffThread` and call ``tell`` at such a call in all threads that start from now on.

    This traces all calls of these threads, which makes Python several times slower, so it is only for tests
    and for `python -X dev`.
    """

    def look(frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call":
            return
        owner = getattr(called, "__self__", None)
        if isinstance(owner, QWidget | QPixmap):
            where = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            what = f"{type(owner).__name__}.{called.__name__}"
            told = f"{what} in thread {threading.current_thread().name}, {where}"
            tell(told)
            raise TouchedOffThread(told)

    threading.setprofile(look)

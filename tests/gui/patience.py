"""Waiting that no load of the machine turns into a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

TIMEOUT = 300_000  # ms: a first window took two minutes beside other work; who waits loses nothing by it


class PatientBot(QtBot):
    """A `QtBot` that waits for signals and states as long as a loaded machine may need."""

    def waitSignal(self, signal: Any, *, timeout: int = TIMEOUT, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(self, signals: Any, *, timeout: int = TIMEOUT, **how: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **how)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = TIMEOUT) -> None:
        super().waitUntil(callback, timeout=timeout)

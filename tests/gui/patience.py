"""Waiting that no load of the machine turns into a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

TIMEOUT = 60_000  # ms: a loaded machine takes its time; who waits for a signal loses none of it


class PatientBot(QtBot):
    """A `QtBot` that waits for signals and states as long as a loaded machine may need."""

    def waitSignal(self, signal: Any, *, timeout: int = TIMEOUT, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(self, signals: Any, *, timeout: int = TIMEOUT, **how: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **how)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = TIMEOUT) -> None:
        super().waitUntil(callback, timeout=timeout)

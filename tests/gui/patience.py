"""Waiting with limits so long that tests do not fail on a loaded machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

TIMEOUT = 300_000  # ms: a first window took two minutes on a loaded machine; a long limit costs nothing


class PatientBot(QtBot):
    """A `QtBot` that waits for signals and states as long as a loaded machine may need."""

    def waitSignal(self, signal: Any, *, timeout: int = TIMEOUT, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(self, signals: Any, *, timeout: int = TIMEOUT, **how: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **how)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = TIMEOUT) -> None:
        super().waitUntil(callback, timeout=timeout)

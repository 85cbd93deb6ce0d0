"""Explains why a process ended."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence

_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ERROR = re.compile(r"^(?:[\w.]+\.)?(\w*(?:Error|Exception|Interrupt))(?:: (.+))?$")
_SIGNALS = {
    "SIGSEGV": "it crashed (invalid memory)",
    "SIGBUS": "it crashed (invalid memory)",
    "SIGABRT": "it gave up (abort)",
    "SIGILL": "it crashed (an instruction this processor does not have)",
    "SIGFPE": "it crashed (arithmetic)",
    "SIGKILL": "it was killed; the system does so when memory runs out",
    "SIGTERM": "it was told to end",
}
_LONGEST = 160


def why_it_ended(status: int, lines: Sequence[str]) -> str:
    """A clause that explains an exit ``status`` (negative: a signal) by the last ``lines`` of stderr.

    A Python exception among the lines is the reason. Without one, the clause quotes the last line that is
    not a warning.
    """
    plain = [_CODES.sub("", line).strip() for line in lines]
    if status < 0:
        name = signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
        return _SIGNALS.get(name, f"it was ended by {name}")
    errors = [found for line in reversed(plain) if (found := _ERROR.match(line))]
    if errors:
        kind, said = errors[0].groups()
        return f"it failed: {_short(said or kind)}"
    if not status:
        return "it ended by itself"
    said = next((line for line in reversed(plain) if line and "warning" not in line.lower()), None)
    return f"it ended with status {status}" + (f" and said: {_short(said)}" if said else "")


def _short(text: str) -> str:
    text = text.rstrip(".")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"

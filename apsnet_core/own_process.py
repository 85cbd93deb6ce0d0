"""Whether this process is the program's own, so that limits and alarms of the whole process may be set."""

from __future__ import annotations

_own = False


def claim() -> None:
    """Say so, once, where a process begins: a command, or a child that has one file after another."""
    global _own
    _own = True


def is_own() -> bool:
    """Whether it was said: never in a process of somebody else that imports the library."""
    return _own

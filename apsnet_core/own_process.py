"""Whether this process belongs to the program, which may then set limits and alarms for the whole process."""

from __future__ import annotations

_own = False


def claim() -> None:
    """Mark this process as the program's own, at the start of a command or of a child that handles files."""
    global _own
    _own = True


def is_own() -> bool:
    """Whether `claim` was called; never true in another program's process that imports the library."""
    return _own

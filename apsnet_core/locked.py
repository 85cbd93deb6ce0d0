"""A lock file that admits one process at a time; the system releases the lock if that process dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Only one process at a time runs the block for the same lock file ``place``, which exists meanwhile.

    If no lock is possible (a read-only folder, a file system without locks), the block runs without one:
    its own writes then raise an error that describes the problem.
    """
    file = _own(place)
    try:
        yield
    finally:
        if file is not None:
            with suppress(OSError):  # Windows cannot delete the file while another process waits for it
                place.unlink()
            file.close()


def _own(place: Path) -> BinaryIO | None:
    """Open and lock the file; None if it cannot be opened.

    The previous owner deletes its file, so the file locked here may no longer be the one at ``place``; then
    the loop opens a new one.
    """
    while True:
        try:
            file = place.open("ab")
        except OSError:
            return None
        try:
            _wait(file.fileno())
        except OSError:
            return file
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), place.stat()):
                return file
        file.close()


if sys.platform == "win32":
    import msvcrt

    def _wait(file: int) -> None:
        while True:
            with suppress(OSError):  # LK_LOCK gives up after ten seconds, so it is called again
                msvcrt.locking(file, msvcrt.LK_LOCK, 1)
                return
else:
    import fcntl

    def _wait(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

"""One process at a time: a lock beside what several may change, let go of by the system where one dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Inside the block no other process is in a block of the same ``place``, a file that is there meanwhile.

    Where no lock can be had (a folder that cannot be written to, a file system without locks) the block runs
    without: what it writes says what is wrong.
    """
    file = _own(place)
    try:
        yield
    finally:
        if file is not None:
            with suppress(OSError):  # Windows keeps it while another waits for it
                place.unlink()
            file.close()


def _own(place: Path) -> BinaryIO | None:
    """The locked file. The one before removes its own, so that what was waited for may be gone by then."""
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
            with suppress(OSError):  # it gives up after ten seconds
                msvcrt.locking(file, msvcrt.LK_LOCK, 1)
                return
else:
    import fcntl

    def _wait(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

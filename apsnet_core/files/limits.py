"""Limits on the time and memory for reading a file; both grow with its size."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apsnet_core import own_process
from apsnet_core.files.errors import ReadError
from apsnet_core.units import with_unit

_SECONDS, _SECONDS_PER_MIB = 30.0, 1.0  # ordinary files take a hundredth of this time
_BYTES, _BYTES_PER_BYTE = 1 << 30, 64


TOO_MUCH = "it takes more memory than a file of its size should; it is damaged, or made to do harm"


def seconds(path: Path) -> float:
    """The longest time to read a file, in seconds."""
    return _SECONDS + _SECONDS_PER_MIB * _size(path) / 2**20


def too_long(limit: float) -> str:
    """The sentence for a file that took longer than ``limit`` seconds."""
    took = with_unit(f"{limit:.0f}", "s")
    return f"it was not read after {took}; it is damaged, or this computer was too busy to read it"


def memory(path: Path) -> int:
    """The most bytes that reading a file may take."""
    return _BYTES + _BYTES_PER_BYTE * _size(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # the reader will report this error
        return 0


@contextmanager
def memory_for(path: Path) -> Iterator[None]:
    """Limit the memory of this process inside the block: an allocation beyond `memory` raises MemoryError.

    Use this only in a process that does nothing else. Windows and macOS have no such limit, so there the
    block changes nothing.
    """
    now = _address_space()
    if now is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    cap = now + memory(path)
    if hard != resource.RLIM_INFINITY:
        cap = min(cap, hard)
    resource.setrlimit(resource.RLIMIT_AS, (cap, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def within(path: Path) -> Iterator[None]:
    """Raise ReadError if the block, which reads ``path``, takes more than `seconds` or `memory`.

    The limits apply only in the main thread of our own process, because alarm signals reach no other thread.
    In other threads or processes, and on Windows, which has no alarm signals, the block changes nothing.
    """
    alone = own_process.is_own() and threading.current_thread() is threading.main_thread()
    if not alone or not hasattr(signal, "setitimer"):
        yield
        return
    limit = seconds(path)

    def late(*_: object) -> None:
        raise ReadError(path, too_long(limit))

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        with memory_for(path):
            yield
    except MemoryError:
        raise ReadError(path, TOO_MUCH) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _address_space() -> int | None:
    """The size of this process's address space in bytes, or None if the system does not report it."""
    if not sys.platform.startswith("linux"):
        return None
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

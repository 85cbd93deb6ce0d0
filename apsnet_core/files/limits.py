"""How long a file may take to be read, and how much memory: both grow with its size."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SECONDS, _SECONDS_PER_MIB = 30.0, 1.0  # ordinary files take a hundredth of it
_BYTES, _BYTES_PER_BYTE = 1 << 30, 64


TOO_MUCH = "it takes more memory than a file of its size should; it is damaged, or made to do harm"


def seconds(path: Path) -> float:
    """After so long a file is given up."""
    return _SECONDS + _SECONDS_PER_MIB * _size(path) / 2**20


def too_long(limit: float) -> str:
    """Why a file was given up after ``limit`` seconds."""
    return f"it was not read after {limit:.0f} s; it is probably damaged"


def memory(path: Path) -> int:
    """Bytes that reading a file may take."""
    return _BYTES + _BYTES_PER_BYTE * _size(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # its reader will say so
        return 0


@contextmanager
def memory_for(path: Path) -> Iterator[None]:
    """Within it this process raises MemoryError where it asks for more than `memory` beyond what it has.

    Of a process that does nothing else. Where the system knows no such limit (Windows, macOS), without one.
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


def _address_space() -> int | None:
    """Bytes of address space this process has, None where the system does not say."""
    if not sys.platform.startswith("linux"):
        return None
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

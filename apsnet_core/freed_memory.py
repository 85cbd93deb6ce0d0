"""Returns unused memory to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return memory that the C library holds but does not use; only glibc supports this.

    After a large read, glibc keeps freed blocks that are between blocks still in use.
    """
    ask = None if sys.platform != "linux" else getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc
    if ask is not None:
        ask(ctypes.c_size_t(0))

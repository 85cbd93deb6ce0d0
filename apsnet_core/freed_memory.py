"""Gives memory that is no longer in use back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give back what the C library keeps free; does nothing where it cannot be asked for that.

    After a large read it keeps freed memory in pieces between others that are in use.
    """
    ask = None if sys.platform != "linux" else getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc
    if ask is not None:
        ask(ctypes.c_size_t(0))

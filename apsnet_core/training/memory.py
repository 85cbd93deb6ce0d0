"""Reuse of the memory that a training step frees, instead of returning it to the system at every step."""

from __future__ import annotations

import ctypes
import platform

# Constants of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_NEVER = 2**31 - 1


def keep_memory() -> bool:
    """Make glibc's malloc keep freed memory for the lifetime of this process. Returns False without glibc.

    Otherwise large activations are mapped, filled with zeros by the kernel and unmapped at every step of a
    training, which on a CPU can take as long as the step itself. The process needs about 50 % more memory.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all([mallopt(_MMAP_MAX, 0), mallopt(_TRIM_THRESHOLD, _NEVER)])

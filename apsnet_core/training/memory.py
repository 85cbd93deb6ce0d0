"""Keep the memory that a training step frees, instead of giving it back to the system at every step."""

from __future__ import annotations

import ctypes
import platform

# The numbers of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_NEVER = 2**31 - 1


def keep_memory() -> bool:
    """Have glibc's malloc keep what is freed, for as long as this process lives; False without glibc.

    Large activations are otherwise mapped, filled with zeros by the kernel and unmapped at every step of a
    training, which on a CPU can take as long as the step. The price is memory: about half as much again.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all([mallopt(_MMAP_MAX, 0), mallopt(_TRIM_THRESHOLD, _NEVER)])

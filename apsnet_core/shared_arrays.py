"""Large arrays passed between processes in shared memory, written once and never copied.

The sender writes an array into an anonymous memory file, seals it, and sends its descriptor through a socket.
The receiver maps it, and can pass on the same memory to a third process. Nothing is left behind when a
process dies: the system frees the memory with its last descriptor and mapping. Only Linux has such memory;
elsewhere arrays go through the pipe.
"""

from __future__ import annotations

import ctypes
import math
import mmap
import os
import socket
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path

from apsnet_core.arrays import np
from apsnet_core.types import DType, Foreign

LEAST = 1 << 18  # bytes; for smaller arrays the pipe is as fast
PASSED_ON = 1 << 24  # bytes; only larger mappings keep a descriptor, as a process has about a thousand
SEALS = ("F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE")


def are_possible() -> bool:
    """Whether this system has memory that can be sealed and passed on."""
    return hasattr(os, "memfd_create") and sys.maxsize > 2**32


def _system() -> Foreign:
    system = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    system.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
    system.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
    return system


# Loaded at import: later, another thread may be loading torch's libraries, and this call would wait for it
# with the interpreter lock held.
_SYSTEM: Foreign = _system() if are_possible() else None
_kept: dict[tuple[int, int], int] = {}  # descriptors of large mappings, by address and size in bytes


def new_memory() -> int:
    """Create an anonymous memory file, empty and not sealed; returns its descriptor."""
    return os.memfd_create("apsnet", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)


def sealed(memory: int, dtype: DType, shape: Sequence[int]) -> np.ndarray:
    """Seal ``memory`` against changes and return its array, mapped as in `take`."""
    import fcntl

    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, _seals())
    cells = _mapped(memory, math.prod(shape) * dtype.itemsize)
    return np.frombuffer(cells, dtype).reshape(tuple(shape))


def give(array: np.ndarray, to: socket.socket) -> None:
    """Pass on a contiguous array, which can be freed afterwards. OSError if the other side has gone.

    A mapped array of at least `PASSED_ON` bytes that was not modified is passed on without a copy.
    """
    import fcntl

    kept = _kept.get((array.ctypes.data, array.nbytes))
    if kept is not None and _is_unchanged(array):
        socket.send_fds(to, [b"\0"], [kept])
        return
    memory = new_memory()
    try:
        rest = memoryview(array.reshape(-1).view(np.uint8).data)
        while rest:
            rest = rest[os.write(memory, rest) :]
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, _seals())
        socket.send_fds(to, [b"\0"], [memory])
    finally:
        os.close(memory)


def take(dtype: DType, shape: list[int], source: socket.socket) -> np.ndarray:
    """Receive and map an array that `give` passes on; writing into it copies the affected page first.

    Raises EOFError if the other side has gone, and ValueError if it passed on something else.
    """
    import fcntl

    _, received, _, _ = socket.recv_fds(source, 1, 1)
    if not received:
        raise EOFError("the other side closed the socket")
    (memory,) = received
    try:
        size = math.prod(shape) * dtype.itemsize
        # Sealed memory can neither change nor shrink after this check.
        if os.fstat(memory).st_size != size or fcntl.fcntl(memory, fcntl.F_GET_SEALS) != _seals():
            raise ValueError("the received memory does not have the announced size and seals")
        cells = _mapped(memory, size)
    finally:
        os.close(memory)
    return np.frombuffer(cells, dtype).reshape(shape)


def _is_unchanged(array: np.ndarray) -> bool:
    """Whether a mapped array still equals its memory, because none of its pages was written to.

    The system reports for each page whether it belongs to the memory (bit 61), or is a copy made for a write,
    present or swapped out (bits 63 and 62).
    """
    first, last = (at // mmap.PAGESIZE for at in (array.ctypes.data, array.ctypes.data + array.nbytes - 1))
    try:
        with Path("/proc/self/pagemap").open("rb", buffering=0) as table:
            table.seek(8 * first)
            pages = np.frombuffer(table.read(8 * (last - first + 1)), np.uint64)
    except OSError:
        return False
    kinds = pages >> np.uint64(61)
    return len(pages) == last - first + 1 and bool(((kinds == 0) | (kinds == 0b101)).all())


def _mapped(memory: int, size: int) -> Foreign:
    """Map bytes for as long as they are referenced; Python's mmap would keep a descriptor open for each."""
    at = _SYSTEM.mmap(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE, memory, 0)
    if at == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    cells = (ctypes.c_ubyte * size).from_address(at)
    if size >= PASSED_ON:
        _kept[at, size] = os.dup(memory)

    def let_go() -> None:
        kept = _kept.pop((at, size), None)
        if kept is not None:
            os.close(kept)
        _SYSTEM.munmap(at, size)

    weakref.finalize(cells, let_go).atexit = False
    return cells


def _seals() -> int:
    import fcntl

    return sum(getattr(fcntl, name) for name in SEALS)

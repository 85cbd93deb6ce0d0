"""An array assembled from pieces, in memory that can be passed on to another process."""

from __future__ import annotations

import os
import weakref

import numpy as np

from apsnet_core import shared_arrays
from apsnet_core.types import Array, DType


class Gathered:
    """Rows of one type, (n,) or (n, columns), written at any position by any thread; other rows are zero.

    On systems with anonymous memory files (Linux), pieces are written into one and `finished` maps it. No row
    is then held twice, and `shared_arrays.give` can pass on the same memory.
    """

    def __init__(self, dtype: DType, columns: int = 1) -> None:
        self._dtype, self._columns = dtype, columns
        self._row = dtype.itemsize * columns  # bytes
        self._pieces: list[tuple[int, Array]] = []
        self._memory = shared_arrays.new_memory() if shared_arrays.are_possible() else None
        if self._memory is not None:
            self._let_go = weakref.finalize(self, os.close, self._memory)

    def put(self, first: int, piece: Array) -> None:
        """Write the contiguous ``piece`` (k,) or (k, columns) to the rows from ``first`` on."""
        if self._memory is None:
            self._pieces.append((first, piece.copy()))
            return
        rest, at = memoryview(piece.reshape(-1).view(np.uint8).data), first * self._row
        while rest:
            written = os.pwrite(self._memory, rest, at)
            rest, at = rest[written:], at + written

    def finished(self, count: int) -> Array:
        """All ``count`` rows as one array; no further piece can be written after this call."""
        shape = (count,) if self._columns == 1 else (count, self._columns)
        if self._memory is not None and count:
            os.truncate(self._memory, count * self._row)
            found = shared_arrays.sealed(self._memory, self._dtype, shape)
            self._let_go()
            return found
        whole = np.zeros(shape, dtype=self._dtype)
        for first, piece in self._pieces:
            whole[first : first + len(piece)] = piece
        self._pieces.clear()
        return whole

"""How the window and the renderer speak: a JSON header and raw arrays on a pipe, pictures in mapped files.

A message is 4 bytes of header length, the header in JSON, then the bytes of its arrays one after another.
Nothing is pickled; an end of the stream means that the other side is gone.
"""

from __future__ import annotations

import json
import mmap
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Header = dict[str, Any]

_LENGTH = struct.Struct("<I")


def send(stream: BinaryIO, header: Header, arrays: list[Array] | None = None) -> None:
    """Write one message. OSError (BrokenPipeError) where nobody reads any more."""
    packed = [np.ascontiguousarray(array) for array in arrays or []]
    described = header | {"arrays": [[array.dtype.str, list(array.shape)] for array in packed]}
    text = json.dumps(described).encode()
    stream.write(_LENGTH.pack(len(text)) + text)
    for array in packed:
        stream.write(array.data.cast("B") if array.size else b"")
    stream.flush()


def receive(stream: BinaryIO) -> tuple[Header, list[Array]]:
    """Read one message. EOFError at the end of the stream."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    header: Header = json.loads(_exactly(stream, length))
    arrays = []
    for dtype, shape in header.pop("arrays"):
        data = _exactly(stream, np.dtype(dtype).itemsize * int(np.prod(shape)))
        arrays.append(np.frombuffer(data, dtype).reshape(shape))
    return header, arrays


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the other side closed the pipe")
    return data


class Picture:
    """A file of pixels that both processes map.

    The renderer makes it, the window opens it by name and removes it: only the window knows what it has read.
    """

    def __init__(self, path: Path, size: int | None = None) -> None:
        self.path = path
        if size is not None:
            with path.open("wb") as file:
                file.truncate(size)
        with path.open("r+b") as file:
            self.pixels = mmap.mmap(file.fileno(), 0)

    def close(self) -> None:
        self.pixels.close()

    def remove(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)

"""Messages between two processes: one line of JSON, then the raw bytes of the arrays.

If the processes have a socket beside their pipe, `shared_arrays` sends large arrays instead of the pipe.
Nothing is pickled: a message contains only numbers, texts, lists, dicts, arrays, and dataclasses of this
program.
"""

from __future__ import annotations

import json
import math
import socket
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from typing import Any, BinaryIO

from apsnet_core import shared_arrays
from apsnet_core.arrays import np
from apsnet_core.types import DType

Message = Any
"""The content of a message: numbers, texts, lists, dicts, arrays, and dataclasses of the program."""


def send(stream: BinaryIO, value: Message, beside: socket.socket | None = None) -> None:
    """Write one message: numbers, texts, lists, dicts, arrays, and dataclasses of the program.

    ``beside`` is the socket to the same process, for large arrays. OSError (BrokenPipeError) if the other
    process no longer reads.
    """
    send_packed(stream, pack(value, beside), beside)


@dataclass(frozen=True)
class Packed:
    """A message ready to be sent: its ``line`` of JSON, and its ``arrays`` in order."""

    line: str
    arrays: list[np.ndarray]

    @property
    def is_large(self) -> bool:
        """Whether an array of the message is large enough for shared memory."""
        return any(map(_is_large, self.arrays))


def pack(value: Message, beside: socket.socket | None = None) -> Packed:
    """Prepare a message for `send_packed`, so that ``value`` can be freed before it is sent."""
    arrays: list[np.ndarray] = []
    return Packed(json.dumps(_plain(value, arrays, beside is not None)), arrays)


def send_packed(stream: BinaryIO, message: Packed, beside: socket.socket | None = None) -> None:
    """Write a message; each of its arrays is freed once it is written."""
    stream.write(message.line.encode() + b"\n")
    while message.arrays:
        array = message.arrays.pop(0)
        if beside is not None and _is_large(array):
            stream.flush()  # otherwise the other side would wait for the bytes before this array
            shared_arrays.give(array, beside)
        else:
            stream.write(array.reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: BinaryIO, beside: socket.socket | None = None) -> Message:
    """Read a message of `send`, arrays without a copy; EOFError if the stream ends early."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError("the other side closed the pipe")
    return _built(json.loads(line), stream, beside)


def _is_large(array: np.ndarray) -> bool:
    return array.nbytes >= shared_arrays.LEAST


def _plain(value: Message, arrays: list[np.ndarray], may_share: bool) -> Message:
    if isinstance(value, np.ndarray):
        arrays.append(np.ascontiguousarray(value))
        kind = "shared" if may_share and _is_large(value) else "array"
        return {kind: [value.dtype.str, list(value.shape)]}
    if is_dataclass(value):
        parts = {field.name: _plain(getattr(value, field.name), arrays, may_share) for field in fields(value)}
        return {"made": [f"{type(value).__module__}:{type(value).__qualname__}", parts]}
    if isinstance(value, dict):
        return {"dict": [[key, _plain(item, arrays, may_share)] for key, item in value.items()]}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [_plain(item, arrays, may_share) for item in value]}
    return value


def _built(value: Message, stream: BinaryIO, beside: socket.socket | None) -> Message:
    """The inverse of `_plain`; arrays are read in the order in which it met them."""
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    match kind:
        case "array":
            return _array(np.dtype(content[0]), content[1], stream)
        case "shared":
            if beside is None:
                raise ValueError("there is no socket for arrays in shared memory")
            return shared_arrays.take(np.dtype(content[0]), content[1], beside)
        case "made":
            name, parts = content
            return _dataclass(name)(**{key: _built(part, stream, beside) for key, part in parts.items()})
        case "dict":
            return {key: _built(item, stream, beside) for key, item in content}
        case "tuple":
            return tuple(_built(item, stream, beside) for item in content)
        case _:
            return [_built(item, stream, beside) for item in content]


def _dataclass(name: str) -> type:
    """The dataclass of this program called "module:name".

    Any other name raises ValueError, so that a child compromised by a malicious file cannot create others.
    """
    module, _, kind = name.partition(":")
    if module.partition(".")[0] not in ("apsnet_core", "apsnet_gui"):
        raise ValueError(f"{name} is not part of this program")
    found = getattr(import_module(module), kind)
    if not (isinstance(found, type) and is_dataclass(found)):
        raise ValueError(f"{name} is not a dataclass")
    return found


def _array(dtype: DType, shape: list[int], stream: BinaryIO) -> np.ndarray:
    raw = np.empty(math.prod(shape) * dtype.itemsize, dtype=np.uint8)
    view = raw.data
    while view:
        count = stream.readinto(view)  # type: ignore[attr-defined]  # pipes have it, BinaryIO lacks it
        if not count:
            raise EOFError("the other side closed the pipe")
        view = view[count:]
    return raw.view(dtype).reshape(shape)

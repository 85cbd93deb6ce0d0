"""Run parsers of native code in a child process with limits, where a bad file can do no harm.

A hostile file may crash lzma, HDF5 or a codec, loop forever, or allocate all memory. Then only the child
dies, the user gets an error message, and the next call starts another child.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from apsnet_core.child import Child, ChildDied, ChildError, ChildLate
from apsnet_core.files import limits
from apsnet_core.files.errors import ReadError, short
from apsnet_core.messages import Message
from apsnet_core.serving import Tell, serve

# One thread only, because a pool reserves address space for each thread, which counts against the limit.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

_is_reader = False


def call(
    format: str, action: Literal["read", "describe"], path: Path, choice: Mapping[str, object]
) -> Message:
    """Call ``read`` or ``describe`` of the ``format`` for ``path`` in the child and return the result.

    Raises the child's ReadError, or a ReadError of its own if the child crashes or exceeds a limit.
    """
    request, seconds = [format, action, str(path), dict(choice)], limits.seconds(path)
    try:
        return _answer_here(request) if _is_reader else child.call(request, seconds=seconds)
    except MemoryError:
        raise ReadError(path, limits.TOO_MUCH) from None
    except ChildLate:
        raise ReadError(path, limits.too_long(seconds)) from None
    except ChildDied:
        raise ReadError(
            path, "its reader crashed on it; it is damaged, or it needs more memory than is allowed"
        ) from None
    except ChildError as error:
        raise ReadError(path, str(error)) from None


def become_reader() -> None:
    """Make this process, which is itself a child, read all formats without another child."""
    global _is_reader
    _is_reader = True
    # No file needs the web client, which takes half of the time to import laspy.
    sys.modules.setdefault("requests", cast(Any, None))


def explain(error: BaseException) -> str:
    """A sentence that says why a file could not be read."""
    if isinstance(error, ReadError):
        return error.why
    if isinstance(error, MemoryError):
        return limits.TOO_MUCH
    return f"it is damaged, or not what its extension says ({short(error)})"


def main() -> None:
    """The main function of the child: answer requests to read files."""
    become_reader()
    serve(_answer, explain)


def _answer(request: list[Message], tell: Tell) -> Message:
    with limits.memory_for(Path(request[2])):
        return _answer_here(request)


def _answer_here(request: list[Message]) -> Message:
    from apsnet_core.files.formats import named

    format, action, path, choice = request
    return getattr(named(format), action)(Path(path), **choice)


def _new_child() -> Child:
    return Child(f"{__name__}:main", errors=subprocess.DEVNULL, environment=ENVIRONMENT)


def _forget() -> None:
    """Replace the child after a fork, because a forked process must not use its parent's child."""
    global child
    child = _new_child()


child = _new_child()
atexit.register(lambda: child.close())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)

"""Parsers of native code, kept where they can break nothing: in a warm child process, within limits.

A hostile file may crash lzma, HDF5 or a codec, loop for ever, or ask for all of the memory. Then the child
dies, the next call starts another one, and the user reads one sentence.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from apsnet_core.files import limits
from apsnet_core.files import messages as wire
from apsnet_core.files.errors import ReadError, short

_lock = threading.Lock()
_child: subprocess.Popen[bytes] | None = None


def call(format: str, action: Literal["read", "describe"], path: Path, choice: Mapping[str, object]) -> Any:
    """What ``read`` or ``describe`` of the ``format`` returns for ``path``, worked out in the child.

    Raises ReadError, the child's own or one that says that the child broke down on the file.
    """
    limit = limits.seconds(path)
    with _lock:
        child = _started()
        requests, answers = cast(BinaryIO, child.stdin), cast(BinaryIO, child.stdout)
        late = threading.Timer(limit, child.kill)
        late.daemon = True
        late.start()
        try:
            wire.send(requests, [format, action, str(path), dict(choice)])
            outcome, value = wire.receive(answers)
        except (EOFError, OSError):
            overdue = late.finished.is_set()
            _stop()
            if overdue:
                raise ReadError(path, limits.too_long(limit)) from None
            raise ReadError(
                path, "its reader broke down on it; it is damaged, or it needs more memory than is allowed"
            ) from None
        except BaseException:  # Ctrl-C: the answer under way would be taken for the next one's
            _stop()
            raise
        finally:
            late.cancel()
    if outcome == "error":
        raise ReadError(path, value)
    return value


def _started() -> subprocess.Popen[bytes]:
    global _child
    if _child is None or _child.poll() is not None:
        script = (
            f"import sys; sys.path[:] = {sys.path!r}; "
            "from apsnet_core.files.reader_process import serve; serve()"
        )
        _child = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # One thread: a pool reserves address space for each, which counts against the cap.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    return _child


def _stop() -> None:
    global _child
    if _child is not None:
        _child.kill()
        _child.communicate()
    _child = None


def _forget() -> None:
    """A forked process must not talk to its parent's child."""
    global _child, _lock
    _child, _lock = None, threading.Lock()


atexit.register(_stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def serve() -> None:
    """The child: answers calls until its input ends."""
    import signal

    from apsnet_core.files.formats import named

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    requests = sys.stdin.buffer
    # What native code prints must not get between the answers.
    answers = cast(BinaryIO, os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    while True:
        try:
            format, action, path, choice = wire.receive(requests)
        except EOFError:
            return
        try:
            with limits.memory_for(Path(path)):
                answer = ["ok", getattr(named(format), action)(Path(path), **choice)]
        except ReadError as error:
            answer = ["error", error.why]
        except MemoryError:
            answer = ["error", limits.TOO_MUCH]
        except BaseException as error:  # what Rust raises when it panics is no Exception
            answer = ["error", f"it is damaged, or not what its extension says ({short(error)})"]
        wire.send(answers, answer)

"""One child process that reads files, so that no parser, however slow, can hold up the window.

It speaks the core's own `wire`. Cancelling kills it, with whatever it started; the next read starts another.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path
from typing import Any, BinaryIO, cast

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files import Dataset, limits
from apsnet_core.files import messages as wire
from apsnet_gui.state.read_request import ReadRequest

Tick = Callable[[float | None], None]


class Unreadable(Exception):
    """A file could not be read; the message is one sentence for the user."""


class ReaderProcess:
    """Its calls block: make them on a worker thread, one at a time.

    ``tick(fraction)`` is called ten times a second, with None where the end is not known; what it raises
    ends the call. Raises `Unreadable`.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._receiver = ThreadPoolExecutor(1, thread_name_prefix="reader")

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def warm(self) -> None:
        """Start the child now, so that the first file does not wait for it."""
        if self._process is None or self._process.poll() is not None:
            script = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve()"
            self._process = subprocess.Popen(
                [sys.executable, "-c", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )

    def read(self, request: ReadRequest, tick: Tick) -> PointCloud | TriangleMesh:
        """The shape in a file."""
        shape: PointCloud | TriangleMesh = self._call(
            ["read", request.path, request.dataset, request.row], tick
        )
        return shape

    def describe(self, path: str, tick: Tick) -> list[Dataset]:
        """What there is to choose from in a file of many clouds."""
        datasets: list[Dataset] = self._call(["describe", path], tick)
        return datasets

    def _call(self, order: list[Any], tick: Tick) -> Any:
        self.warm()
        process = self._process
        assert process is not None
        measure = _bytes_read_by(process.pid, order[1])
        patience = limits.seconds(Path(order[1]))
        late = time.monotonic() + patience
        try:
            wire.send(cast(BinaryIO, process.stdin), order)
            answer = self._receiver.submit(wire.receive, cast(BinaryIO, process.stdout))
            while True:
                try:
                    outcome, value = answer.result(timeout=0.1)
                    break
                except TimeoutError:
                    if time.monotonic() > late:
                        raise Unreadable(limits.too_long(patience)) from None
                    tick(measure())
        except (EOFError, OSError):
            self.close()
            raise Unreadable(
                "reading it ended the reader process; it is damaged or needs more memory"
            ) from None
        except BaseException:
            self.close()
            raise
        if outcome == "error":
            raise Unreadable(value)
        return value

    def close(self) -> None:
        """End the child at once."""
        process, self._process = self._process, None
        if process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()


def _bytes_read_by(pid: int, path: str) -> Callable[[], float | None]:
    """The fraction of a file that a process and its children have read, None where that is not known."""
    import psutil

    def total() -> int:
        process = psutil.Process(pid)
        family = [process, *process.children()]
        return sum(int(member.io_counters().read_chars) for member in family)

    try:
        size, before = Path(path).stat().st_size, total()
    except (OSError, AttributeError, psutil.Error):
        return lambda: None

    def fraction() -> float | None:
        try:
            return max(0.0, min((total() - before) / max(size, 1), 0.95))
        except psutil.Error:
            return None

    return fraction


def serve() -> None:
    """The child: answer calls until the other end closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from apsnet_core.files import ReadError, describe, read

    while True:
        try:
            name, path, *choice = wire.receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            with limits.memory_for(Path(path)):
                value = describe(path) if name == "describe" else read(path, dataset=choice[0], row=choice[1])
            answer = ["ok", value]
        except ReadError as why:
            answer = ["error", why.why]
        except MemoryError:
            answer = ["error", limits.TOO_MUCH]
        except Exception as why:  # a reader that breaks its promise must not cost the user the other files
            answer = ["error", f"it could not be read ({type(why).__name__}: {why})"]
        try:
            wire.send(answers, answer)
        except BrokenPipeError:  # nobody waits for it any more
            return

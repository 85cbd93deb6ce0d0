"""The child process that reads files for the window, so that a slow parser cannot freeze it.

Cancelling ends the process; the next read starts another one.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apsnet_core.child import Child, ChildDied, ChildError, ChildLate
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files import StoredArray, limits
from apsnet_core.files.reader_process import ENVIRONMENT, become_reader, explain
from apsnet_core.serving import Tell, serve
from apsnet_gui.state.read_request import ReadRequest

Tick = Callable[[float | None], None]


class Unreadable(Exception):
    """A file could not be read; the message is one sentence for the user."""


class ReaderProcess:
    """The child process; its methods block, so call them on a worker thread, one at a time.

    ``tick(fraction)`` is called ten times a second, with None if the fraction is unknown; an exception in it
    ends the call. The methods raise `Unreadable`.
    """

    def __init__(self) -> None:
        self._child = Child(f"{__name__}:main", errors=subprocess.DEVNULL, environment=ENVIRONMENT)

    @property
    def process_id(self) -> int | None:
        """The process id of the child; None while it does not run."""
        return self._child.process_id

    def warm(self) -> None:
        """Start the child now, so that the first file does not wait for it."""
        self._child.start()

    def read(self, request: ReadRequest, tick: Tick) -> PointCloud | TriangleMesh:
        """Read the shape that ``request`` describes from its file."""
        shape: PointCloud | TriangleMesh = self._call(
            ["read", request.path, request.dataset, request.row, request.columns], tick
        )
        return shape

    def describe(self, path: str, tick: Tick) -> list[StoredArray]:
        """The datasets in a file with several clouds."""
        datasets: list[StoredArray] = self._call(["describe", path], tick)
        return datasets

    def _call(self, request: list[Any], tick: Tick) -> Any:
        measure = _fraction_read(self._child.start().pid, request[1])
        seconds = limits.seconds(Path(request[1]))
        try:
            return self._child.call(request, seconds=seconds, tick=lambda: tick(measure()))
        except ChildLate:
            raise Unreadable(limits.too_long(seconds)) from None
        except ChildDied:
            raise Unreadable(
                "reading it ended the reader process; it is damaged or needs more memory"
            ) from None
        except ChildError as error:
            raise Unreadable(str(error)) from None

    def close(self) -> None:
        """End the child immediately."""
        self._child.close()


def _fraction_read(pid: int, path: str) -> Callable[[], float | None]:
    """Return a function for the fraction of a file that a process has read; it returns None if unknown."""
    import psutil

    def total() -> int:
        return int(psutil.Process(pid).io_counters().read_chars)

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


def main() -> None:
    """The main function of the child process, which reads or describes files on request."""
    become_reader()
    serve(_answer, explain)


def _answer(request: list[Any], tell: Tell) -> Any:
    from apsnet_core.files import describe, read

    name, path, *choice = request
    with limits.memory_for(Path(path)):
        if name == "describe":
            return describe(path)
        dataset, row, columns = choice
        return read(path, dataset=dataset, row=row, columns=columns.split(",") if columns else None)

"""Many files, one process each at a time: every file ends in a result or in the sentence that says why not.

A worker knows one file at a time and answers through its own pipe. So a worker that dies, whatever killed it,
costs exactly the file it had; and when the parent dies, each worker finds its pipe closed and ends.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

Result = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """A file to read and the file to write."""

    source: Path
    target: Path


@dataclass(frozen=True)
class Outcome:
    """How an item ended: with a ``result``, or with the ``error`` that says why there is none."""

    item: Item
    result: Result | None
    error: str | None


Work = Callable[[Item], Result]


class Stop:
    """A wish to end early: no further file is begun once it was ``asked`` for."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def on_interrupt(self, announce: Callable[[], None]) -> Iterator[None]:
        """Within, the first Ctrl-C asks to stop; a second one raises ``KeyboardInterrupt``."""

        def interrupted(_signal: int, _frame: object) -> None:
            if self.asked:
                raise KeyboardInterrupt
            self.asked = True
            announce()

        before = signal.signal(signal.SIGINT, interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def run_batch(items: Sequence[Item], work: Work, stop: Stop, workers: int | None = None) -> Iterator[Outcome]:
    """Do ``work`` on every item in ``workers`` processes (default: one per processor); yields as they end.

    ``work`` must be importable in a fresh process. Whatever it raises becomes the item's ``error``. After
    ``stop.asked`` the items in hand are finished and no other is begun.
    """
    waiting = list(reversed(items))
    count = min(workers or os.cpu_count() or 1, len(items))
    crew: list[_Worker] = []
    try:
        while (waiting and not stop.asked) or any(worker.item for worker in crew):
            while len(crew) < min(count, len(waiting)) and not stop.asked:
                crew.append(_Worker(work))
            for worker in crew:
                if worker.item is None and waiting and not stop.asked:
                    worker.begin(waiting.pop())
            busy = {worker.pipe: worker for worker in crew if worker.item}
            for ready in wait(list(busy), timeout=1.0):
                worker = busy[ready]  # type: ignore[index]
                outcome = worker.finish()
                if worker.dead:
                    crew.remove(worker)
                yield outcome
    finally:
        for worker in crew:
            worker.end()


class _Worker:
    def __init__(self, work: Work) -> None:
        context = get_context("spawn")  # a fork of a process with torch's threads can hang
        self.pipe, theirs = context.Pipe()
        self.item: Item | None = None
        self.dead = False
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, work), daemon=True)
        with _ignoring_interrupts():
            self.process.start()
        theirs.close()

    def begin(self, item: Item) -> None:
        self.item = item
        with suppress(BrokenPipeError):  # it died while it waited: finish() says so
            self.pipe.send(item)

    def finish(self) -> Outcome:
        assert self.item is not None
        item, self.item = self.item, None
        try:
            result, error = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            self.dead = True
            return Outcome(
                item, None, f"the process that worked on it died ({_cause(self.process.exitcode)})"
            )
        return Outcome(item, result, error)

    def end(self) -> None:
        self.pipe.close()
        if self.item is not None:
            self.process.terminate()
        self.process.join()


def _serve(pipe: Connection, work: Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C means
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds, so that no half-written file stays
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one process per processor: more threads would only fight
    while True:
        try:
            item: Item = pipe.recv()
        except EOFError:
            return
        try:
            answer: tuple[Result | None, str | None] = (work(item), None)
        except Exception as error:
            answer = (None, str(error) or type(error).__name__)
        pipe.send(answer)


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """A process started within ignores Ctrl-C from its first instant on."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread, which alone receives signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _cause(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name
        return f"{name}, perhaps for want of memory" if name == "SIGKILL" else name
    return f"exit code {exitcode}"

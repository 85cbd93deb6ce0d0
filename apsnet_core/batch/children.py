"""Work on many files in several child processes: every file ends with a result or with an error sentence.

A child gets as many small files at once as it finishes in a fraction of a second. If a child dies, for any
reason, its files are sent again one by one, so that only the file that killed it fails.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from apsnet_core import own_process
from apsnet_core.atomic import postponing
from apsnet_core.batch.item import Item, Outcome, Result, Work
from apsnet_core.child import Child, ChildError
from apsnet_core.messages import Message
from apsnet_core.serving import Tell, serve

_AT_ONCE_SECONDS = 0.2  # of work sent to a child at once; a Ctrl-C waits this long for small files
_MOST = 64  # files sent to a child at once
_BYTES = 32 << 20  # their total size, if there are several
_LOOK_SECONDS = 1.0  # between two checks for a Ctrl-C, on systems where it does not interrupt waiting
_UNWIND_SECONDS = 5.0  # for a child to remove the file that it has begun to write


class Stop:
    """A request to end early: once ``asked`` is set, no further file is started."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def on_interrupt(self, announce: Callable[[], None]) -> Iterator[None]:
        """Inside the block, the first Ctrl-C sets ``asked`` and the second raises ``KeyboardInterrupt``."""

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


class Crew:
    """Child processes for several successive batches: each process loads its modules and weights once."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._workers:
            child.end(0)

    def of(self, count: int, work: Work) -> list[_Worker]:
        """Return ``count`` children, ready for ``work``."""
        self._workers += [_Worker() for _ in range(count - len(self._workers))]
        for child in self._workers:
            child.turn_to(work)
        return self._workers[:count]


def run_batch(
    items: Sequence[Item], work: Work, stop: Stop, workers: int | None = None, crew: Crew | None = None
) -> Generator[list[Outcome], None, None]:
    """Run ``work`` on every item in ``workers`` child processes (default: one per processor).

    Yields outcomes as items end. An error in the work becomes the item's ``error``. Once ``stop.asked`` is
    set, the started items are finished, and no other is started. The children belong to ``crew``; without
    one, they end with the batch.
    """
    if crew is None:
        with Crew() as crew:
            yield from run_batch(items, work, stop, workers, crew)
        return
    waiting = deque(items)
    count = min(workers or os.cpu_count() or 1, len(items))
    idle, busy = crew.of(count, work), dict[Future[list[Outcome]], _Worker]()
    with ThreadPoolExecutor(max(count, 1), thread_name_prefix="many files") as threads:
        try:
            while busy or (waiting and not stop.asked):
                while idle and waiting and not stop.asked:
                    child = idle.pop()
                    share = -(-len(waiting) // (2 * count))  # so that all children end at about the same time
                    some = _next(waiting, min(share, child.at_once))
                    busy[threads.submit(child.outcomes, some)] = child
                ended, _ = wait(busy, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for future in ended:
                    idle.append(busy.pop(future))
                    yield future.result()
        finally:
            for child in busy.values():
                child.end(_UNWIND_SECONDS)


def _next(waiting: deque[Item], most: int) -> list[Item]:
    """The next ``most`` items, or fewer if their files are large."""
    taken = [waiting.popleft()]
    size = _size(taken[0])
    while waiting and len(taken) < most and (size := size + _size(waiting[0])) <= _BYTES:
        taken.append(waiting.popleft())
    return taken


def _size(item: Item) -> int:
    try:
        return item.source.stat().st_size
    except OSError:  # a URL, or a missing file, which the work on the item will report
        return _BYTES


class _Worker:
    """A child that works on files, with the number of files that it gets at once."""

    def __init__(self) -> None:
        # One thread per child, since more would compete for the processors.
        threads = os.environ.get("OMP_NUM_THREADS", "1")
        self._child = Child(f"{__name__}:main", environment={"OMP_NUM_THREADS": threads})
        self._ended = False

    def turn_to(self, work: Work) -> None:
        """Set the ``work`` for the next files, whose speed is not known yet."""
        self._work = work
        self.at_once = 1

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        """Work on ``items`` and return the outcome of each; blocks."""
        began = time.monotonic()
        told = [[str(item.source), str(item.target), item.row] for item in items]
        work = [self._work.function, self._work.together, dict(self._work.settings)]
        try:
            answers: list[tuple[Result | None, str | None]] = self._child.call([told, *work])
        except ChildError as error:
            if len(items) == 1:
                return [Outcome(items[0], None, str(error))]
            return [outcome for item in items if not self._ended for outcome in self.outcomes([item])]
        pace = (time.monotonic() - began) / len(items)
        self.at_once = max(1, min(_MOST, int(_AT_ONCE_SECONDS / pace)))
        return [Outcome(item, *answer) for item, answer in zip(items, answers, strict=True)]

    def end(self, seconds: float) -> None:
        """End the child: at once, or with ``seconds`` to clean up."""
        self._ended = True
        self._child.close(seconds)


# --- in the child ---


def main() -> None:
    """Work on the files that the parent sends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds, which removes half-written files
    own_process.claim()
    serve(_answer, _explain)


def _answer(request: list[Message], _tell: Tell) -> list[tuple[Result | None, str | None]]:
    told, function, together, settings = request
    items = [Item(Path(source), Path(target), row) for source, target, row in told]
    with postponing(item.target for item in items) as writing:
        results = Work(function, settings, together).of_all(items)
    unwritten = writing.errors()
    return [_told(unwritten.get(item.target, result)) for item, result in zip(items, results, strict=True)]


def _told(result: Result | BaseException) -> tuple[Result | None, str | None]:
    return (None, _explain(result)) if isinstance(result, BaseException) else (result, None)


def _explain(error: BaseException) -> str:
    return str(error) or type(error).__name__

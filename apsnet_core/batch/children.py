"""Many files in several child processes: every file ends in a result or in the sentence that says why not.

A child has one file at a time. So a child that dies, whatever killed it, costs exactly the file it had.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from apsnet_core import own_process
from apsnet_core.batch.item import Item, Outcome, Result, Work
from apsnet_core.child import Child, ChildError
from apsnet_core.messages import Message
from apsnet_core.serving import Tell, serve

_LOOK_SECONDS = 1.0  # between two looks for a Ctrl-C where waiting cannot be interrupted
_UNWIND_SECONDS = 5.0  # for a child to remove the file that it has begun to write


class Stop:
    """A request to end early: once ``asked`` is set, no further file is begun."""

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


def run_batch(
    items: Sequence[Item], work: Work, stop: Stop, workers: int | None = None
) -> Generator[Outcome, None, None]:
    """Run ``work`` on every item in ``workers`` child processes (default: one per processor).

    Yields an outcome as each item ends. An error in the work becomes the item's ``error``. After
    ``stop.asked`` the items in hand are finished, and no other is begun.
    """
    waiting = deque(items)
    count = min(workers or os.cpu_count() or 1, len(items))
    children = [_child() for _ in range(count)]
    idle, busy = list(children), dict[Future[Outcome], Child]()
    with ThreadPoolExecutor(max(count, 1), thread_name_prefix="many files") as threads:
        try:
            while busy or (waiting and not stop.asked):
                while idle and waiting and not stop.asked:
                    child = idle.pop()
                    busy[threads.submit(_outcome, child, waiting.popleft(), work)] = child
                ended, _ = wait(busy, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for future in ended:
                    idle.append(busy.pop(future))
                    yield future.result()
        finally:
            for child in children:
                child.close(_UNWIND_SECONDS if child in busy.values() else 0)


def _child() -> Child:
    """One that works on files; one thread in each, since several would fight for the processors."""
    threads = os.environ.get("OMP_NUM_THREADS", "1")
    return Child(f"{__name__}:main", environment={"OMP_NUM_THREADS": threads})


def _outcome(child: Child, item: Item, work: Work) -> Outcome:
    try:
        result: Result = child.call(
            [str(item.source), str(item.target), item.row, work.function, dict(work.settings)]
        )
    except ChildError as error:
        return Outcome(item, None, str(error))
    return Outcome(item, result, None)


# --- in the child ---


def main() -> None:
    """The child: work on the files that it is sent."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds, so that no half-written file stays
    own_process.claim()
    serve(_answer, lambda error: str(error) or type(error).__name__)


def _answer(request: list[Message], _tell: Tell) -> Result:
    source, target, row, function, settings = request
    return Work(function, settings)(Item(Path(source), Path(target), row))

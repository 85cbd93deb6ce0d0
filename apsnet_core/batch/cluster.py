"""A batch on a Dask cluster: each item is a task, which another worker repeats if its worker dies."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version as version_of
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from apsnet_core import plugins
from apsnet_core.batch.children import Stop
from apsnet_core.batch.errors import BatchError
from apsnet_core.batch.item import Item, Outcome, Result, Work, attempt
from apsnet_core.extras import install
from apsnet_core.files.urls import url_of
from apsnet_core.types import Foreign

_LOOK_SECONDS = 0.5  # between two checks for a Ctrl-C and for new workers
_AHEAD = 2  # tasks for each thread of the workers, so that no thread waits for the client
_CONNECT_SECONDS = 30

Task = TypeVar("Task")


def run_on_cluster(
    items: Sequence[Item], work: Work, stop: Stop, address: str
) -> Generator[Outcome, None, None]:
    """Do ``work`` on every item with the workers of the scheduler at ``address``, as `run_batch` does.

    The workers read and write the same paths as this process: URLs, or folders that all of them share. An
    item fails if several workers died while working on it. `BatchError` if there is no such cluster.
    """
    tasks = {item: (_sent(item), work, plugins.files()) for item in items}
    for item, (result, error) in run_tasks(do_item, tasks, stop, address):
        yield Outcome(item, result, error)


def run_tasks(
    function: Foreign, tasks: dict[Task, tuple[Any, ...]], stop: Stop, address: str
) -> Iterator[tuple[Task, tuple[Any, str | None]]]:
    """Call ``function`` with the arguments of every task; yields each task with its (result, error) pair.

    `do_item` is such a function.
    """
    waiting, busy = deque(tasks), dict[Foreign, Task]()
    ended: SimpleQueue[Foreign] = SimpleQueue()
    with _client(address) as client:
        while busy or (waiting and not stop.asked):
            room = _AHEAD * max(1, sum(client.nthreads().values())) - len(busy)
            while waiting and room > 0 and not stop.asked:
                task = waiting.popleft()
                future = client.submit(function, *tasks[task], pure=False)
                busy[future] = task
                future.add_done_callback(ended.put)
                room -= 1
            try:
                future = ended.get(timeout=_LOOK_SECONDS)
            except Empty:
                if client.status != "running":
                    raise _lost(address) from None
                continue
            if (found := _given(future, address)) is None:
                future.add_done_callback(ended.put)
            else:
                yield busy.pop(future), found


def _given(future: Foreign, address: str) -> tuple[Any, str | None] | None:
    """The (result, error) of a task; None if it was lost with its worker, and the scheduler repeats it."""
    if future.status == "finished":
        given: tuple[Any, str | None] = future.result()
        return given
    if future.status in ("pending", "lost"):
        return None
    if future.status != "error":
        raise _lost(address)
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        return None, "several workers died while working on it"
    return None, f"{type(error).__name__}: {error}"


def _lost(address: str) -> BatchError:
    return BatchError(f"the scheduler at {address} is gone; repeat the command to continue")


@contextmanager
def _client(address: str) -> Iterator[Foreign]:
    """Connect to the scheduler; `BatchError` if a worker does not have this version of the program."""
    try:
        from distributed import Client
    except ImportError:
        raise BatchError(f"--dask needs dask.distributed: {install('cluster')}") from None
    for name in ("distributed", "distributed.client", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # `BatchError` reports errors in one sentence
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise BatchError(f"there is no Dask scheduler at {address} ({error or 'no answer'})") from None
    with client:
        own = _own_version()
        for worker, version in client.run(version_here, on_error="return").items():
            if version != own:
                what = f"apsnet-studio {version}" if isinstance(version, str) else "no apsnet-studio"
                raise BatchError(f"the worker at {worker} has {what}, this machine has {own}")
        yield client


def _own_version() -> str:
    return version_of("apsnet-studio")


# --- on the worker ---


def version_here() -> str:
    """The version of the program in the process that runs this function."""
    return version_of("apsnet-studio")


def do_item(item: tuple[Item, Item], work: Work, files: Sequence[Path]) -> tuple[Result | None, str | None]:
    """The result of one item, or the error, with the paths that the client gave.

    ``item`` is a pair: the item as given, and with absolute paths for this process; ``files`` are plug-ins.
    """
    given, here = item
    for file in files:
        plugins.add_file(file)
    result = attempt(work, here)
    if isinstance(result, Exception):
        why = str(result) or type(result).__name__
        return None, why.replace(str(here.source), str(given.source))
    told = {"source": (str(here.source), str(given.source)), "output": (str(here.target), str(given.target))}
    for name, (found, asked) in told.items():
        if result.get(name) == found:
            result[name] = asked
    return result, None


def _sent(item: Item) -> tuple[Item, Item]:
    return item, Item(_whole(item.source), _whole(item.target), item.row)


def _whole(path: Path) -> Path:
    return path if url_of(path) else path.absolute()

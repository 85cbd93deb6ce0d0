"""So many torch threads as are good for the work, and the caller's setting back afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

import torch

Item = TypeVar("Item")


def one_thread() -> AbstractContextManager[None]:
    """Inside the block torch uses one CPU thread: for small tensors a pool costs more than it saves."""
    return at_most(1)


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Inside the block torch uses so many CPU threads, or fewer if it did before."""
    before = torch.get_num_threads()
    if before <= threads:
        yield
        return
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def share(work: Callable[[Item], object], items: Sequence[Item]) -> None:
    """Run ``work`` on every item, in as many threads as torch may use; for work that releases Python's lock.

    Each thread takes the next item when it is done with one, and runs torch for it alone. The first error
    is raised here.
    """
    threads = min(torch.get_num_threads(), len(items))
    with one_thread():
        if threads <= 1:
            for item in items:
                work(item)
            return
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(work, item) for item in items]:
                done.result()

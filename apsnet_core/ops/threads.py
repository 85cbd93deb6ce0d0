"""So many torch threads as are good for the work, and the caller's setting back afterwards.

Where torch was never imported, compiled work takes as many threads as torch would, and does not wait for it.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TypeVar

Item = TypeVar("Item")


def one_thread() -> AbstractContextManager[None]:
    """Inside the block torch uses one CPU thread: for small tensors a pool costs more than it saves."""
    return at_most(1)


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Inside the block torch uses so many CPU threads, or fewer if it did before."""
    import torch

    before = torch.get_num_threads()
    if before <= threads:
        yield
        return
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def thread_count() -> int:
    """The caller's threads: those that torch may use, or might if it were imported."""
    torch = sys.modules.get("torch")
    of_torch = getattr(torch, "get_num_threads", None)  # another thread may be importing it
    if of_torch is not None:
        return int(of_torch())
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else os.cpu_count() or 1


def share(work: Callable[[Item], object], items: Sequence[Item]) -> None:
    """Run ``work`` on every item, in as many threads as torch may use; for work that releases Python's lock.

    Each thread takes the next item when it is done with one, and runs torch for it alone. The first error
    is raised here.
    """
    threads = min(thread_count(), len(items))
    with one_thread():
        if threads <= 1:
            for item in items:
                work(item)
            return
        # They end with the work: a thread that has used torch and stays makes OpenMP halve the speed of torch
        # in all others.
        with ThreadPoolExecutor(threads - 1) as pool:
            _run(pool, threads - 1, work, items)


def share_compiled(work: Callable[[Item], object], items: Sequence[Item]) -> None:
    """The same for compiled ``work`` that does not use torch, in threads that stay.

    A new thread finds its memory and its core's caches cold, and needs twice the time.
    """
    most = thread_count()
    threads = min(most, len(items))
    if threads > 1:
        _run(_pool(most - 1), threads - 1, work, items)
        return
    for item in items:
        work(item)


def _run(
    pool: ThreadPoolExecutor, others: int, work: Callable[[Item], object], items: Sequence[Item]
) -> None:
    """``work`` on every item, by the caller and ``others`` of the pool: none waits for a thread to wake."""
    left = deque(items)

    def take() -> None:
        while True:
            try:
                item = left.popleft()
            except IndexError:
                return
            try:
                work(item)
            except BaseException:
                left.clear()
                raise

    running = [pool.submit(take) for _ in range(others)]
    try:
        take()
    finally:
        wait(running)
    for each in running:
        each.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "compiled")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not come along

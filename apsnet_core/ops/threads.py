"""Control of the number of torch threads, and work distributed over threads.

Compiled work takes as many threads as torch would, but does not import torch.
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
    """Inside the block torch uses one CPU thread, because for small tensors more threads cost more time."""
    return at_most(1)


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Inside the block torch uses at most ``threads`` CPU threads. The number is restored afterwards."""
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
    """The number of threads that torch may use, or could use if it were imported."""
    torch = sys.modules.get("torch")
    of_torch = getattr(torch, "get_num_threads", None)  # another thread may be importing it
    if of_torch is not None:
        return int(of_torch())
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else os.cpu_count() or 1


def share(work: Callable[[Item], object], items: Sequence[Item]) -> None:
    """Run ``work`` on every item, in as many threads as torch may use. The work should release Python's lock.

    Each thread takes the next item when it has finished one, and uses one torch thread and the caller's
    gradient and inference modes. The first error is raised here.
    """
    import torch

    threads, learns, infers = thread_count(), torch.is_grad_enabled(), torch.is_inference_mode_enabled()

    def alone(item: Item) -> None:
        # This call makes torch adopt the setting in a new thread. Otherwise its libraries would start threads
        # of their own there, and with more threads than cores OpenMP halves the speed of all.
        torch.get_num_threads()
        with torch.inference_mode(infers), torch.set_grad_enabled(learns):
            work(item)

    with one_thread():
        _spread(alone, items, threads)


def share_compiled(work: Callable[[Item], object], items: Sequence[Item]) -> None:
    """Do the same as `share` for compiled ``work`` that does not use torch.

    Torch calls just before it should run in `one_thread`, because OpenMP's threads keep spinning for
    milliseconds after their work, on the cores that this work needs.
    """
    _spread(work, items, thread_count())


def _spread(work: Callable[[Item], object], items: Sequence[Item], most: int) -> None:
    """Run ``work`` on every item in the calling thread and at most ``most`` - 1 others.

    The calling thread starts at once, without waiting for the others to wake up.
    """
    others = min(most, len(items)) - 1
    if others < 1:
        for item in items:
            work(item)
        return
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

    # The pool's threads are kept: a new thread has cold memory and caches, and needs twice the time.
    running = [_pool(most - 1).submit(take) for _ in range(others)]
    try:
        take()
    finally:
        begun = [each for each in running if not each.cancel()]
        wait(begun)
    for each in begun:
        each.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "compiled")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked process does not inherit threads

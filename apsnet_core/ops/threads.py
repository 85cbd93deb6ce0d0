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

    Each thread takes the next item when it is done with one, and runs torch for it alone, with gradients or
    without as the caller does. The first error is raised here.
    """
    import torch

    threads, learns, infers = thread_count(), torch.is_grad_enabled(), torch.is_inference_mode_enabled()

    def alone(item: Item) -> None:
        # Asked so, torch takes the setting over into a new thread. Else its libraries begin threads of their
        # own there, and with more of them than cores OpenMP halves the speed of all.
        torch.get_num_threads()
        with torch.inference_mode(infers), torch.set_grad_enabled(learns):
            work(item)

    with one_thread():
        _spread(alone, items, threads)


def share_compiled(work: Callable[[Item], object], items: Sequence[Item]) -> None:
    """The same for compiled ``work`` that does not use torch.

    What torch does just before it belongs into `one_thread`: OpenMP's threads spin for milliseconds after
    their work, on the cores that this work needs.
    """
    _spread(work, items, thread_count())


def _spread(work: Callable[[Item], object], items: Sequence[Item], most: int) -> None:
    """``work`` on every item, by the caller and ``most`` - 1 others: none waits for a thread to wake."""
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

    # They stay: a new thread finds its memory and its core's caches cold, and needs twice the time.
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
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not come along

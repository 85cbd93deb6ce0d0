"""So many torch threads as are good for the work, and the caller's setting back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import torch


def one_thread() -> AbstractContextManager[None]:
    """Inside, torch runs on one CPU thread: handing small tensors to a pool costs more than it saves."""
    return at_most(1)


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Inside, torch runs on so many CPU threads, or fewer if it did before."""
    before = torch.get_num_threads()
    if before <= threads:
        yield
        return
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)

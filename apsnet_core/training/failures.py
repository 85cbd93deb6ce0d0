"""The reasons why a training cannot continue, each as one sentence with a remedy."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import torch

from apsnet_core.datasets import DatasetError
from apsnet_core.files import WriteError
from apsnet_core.training.config import ConfigError
from apsnet_core.training.runs import RunError
from apsnet_core.weights import WeightsError


class TrainingFailed(Exception):
    """A training that cannot continue. The message has the reason and a remedy."""


def explained(error: Exception, folder: Path) -> str:
    """The sentence for an ``error`` in the training of the run ``folder``."""
    if isinstance(error, TrainingFailed | ConfigError | RunError | WeightsError | DatasetError):
        return str(error)
    if disk_full(error):
        return f"the disk with {folder} is full: free some space, then continue with --resume {folder}"
    if out_of_memory(error):
        return "there is not enough memory: lower optimisation.batch_size or points"
    if isinstance(error, OSError | WriteError):
        return f"{error}; then continue with --resume {folder}"
    return f"an unexpected error occurred: {type(error).__name__}: {error}"


def disk_full(error: BaseException) -> bool:
    """Whether a write of any library failed because the disk is full or a limit on its use was reached."""
    limits = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if isinstance(error, OSError) and error.errno in limits:
        return True
    return any(os.strerror(limit) in str(error) for limit in limits)


def out_of_memory(error: BaseException) -> bool:
    """Whether the GPU, or the allocator of the CPU, was out of memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def fitting_batch_size(attempt: Callable[[int], object], failed: int) -> int | None:
    """The largest of half, a quarter, ... of the ``failed`` batch size for which memory suffices, or None.

    ``attempt`` tries a batch size.
    """
    size = failed // 2
    while size >= 2:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        try:
            attempt(size)
            return size
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
        size //= 2
    return None


def not_finite(what: str, step: int) -> str:
    """The sentence for a loss or a tensor that is no longer finite, with remedies."""
    return (
        f"{what} no longer finite at step {step}: lower optimisation.learning_rate, set "
        "optimisation.clip_norm, or look for broken shapes with `apsnet data check`"
    )

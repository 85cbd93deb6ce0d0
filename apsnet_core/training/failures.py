"""Why a training cannot go on, in one sentence that says what to do about it."""

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
    """A training that cannot go on; the message says why and what to change."""


def explained(error: Exception, folder: Path) -> str:
    """The sentence for ``error`` in the training whose run is ``folder``."""
    if isinstance(error, TrainingFailed | ConfigError | RunError | WeightsError | DatasetError):
        return str(error)
    if disk_full(error):
        return f"the disk with {folder} is full: free some space, then go on with --resume {folder}"
    if out_of_memory(error):
        return "there is not enough memory: lower optimisation.batch_size or points"
    if isinstance(error, OSError | WriteError):
        return f"{error}; then go on with --resume {folder}"
    return f"an error that was not foreseen: {type(error).__name__}: {error}"


def disk_full(error: BaseException) -> bool:
    """Whether a write failed for want of space, or for a limit on it, whichever library wrote."""
    limits = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if isinstance(error, OSError) and error.errno in limits:
        return True
    return any(os.strerror(limit) in str(error) for limit in limits)


def out_of_memory(error: BaseException) -> bool:
    """Whether a GPU, or on a CPU the allocator, had no more memory to give."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def fitting_batch_size(attempt: Callable[[int], object], failed: int) -> int | None:
    """The largest of half, a quarter, ... of the ``failed`` batch size that ``attempt`` has memory for."""
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
    """The sentence for a loss or a tensor that is no longer finite, and what to change."""
    return (
        f"{what} no longer finite at step {step}: lower optimisation.learning_rate, set "
        "optimisation.clip_norm, or look for broken shapes with `apsnet data check`"
    )

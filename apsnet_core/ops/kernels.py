"""Whether this machine can build the GPU kernels; everything runs without them, only slower."""

from __future__ import annotations

import os
import shutil
from functools import cache
from importlib.util import find_spec

from torch import Tensor


def can_use_kernel(points: Tensor) -> bool:
    """Whether a Triton kernel can take ``points``: single precision, on a CUDA device."""
    return points.is_cuda and points.element_size() <= 4 and _can_build()


@cache
def _can_build() -> bool:
    # Triton comes with torch's Linux builds for GPUs, but calls the system's C compiler for its launchers.
    compilers = (os.environ.get("CC"), "cc", "gcc", "clang")
    return find_spec("triton") is not None and any(name and shutil.which(name) for name in compilers)

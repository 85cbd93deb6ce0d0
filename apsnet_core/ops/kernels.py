"""Whether this machine can build kernels for its GPU; everything runs without them, only slower."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor


def can_use_kernel(points: Tensor) -> bool:
    """Whether a Triton kernel can take ``points``: single precision, on a CUDA device."""
    return points.is_cuda and points.element_size() <= 4 and why_no_kernels("cuda") is None


@cache
def why_no_kernels(device: str) -> str | None:
    """What keeps this machine from building kernels, found by building one; None where nothing does.

    That takes Triton, a C compiler, the headers of Python and a driver that fits: asking for each of them by
    name would forget one.
    """
    try:
        torch.compile(_twice)(torch.ones(64, device=device)).sum().item()
    except Exception as error:  # whatever it is, the plain way is open, and `apsnet doctor` tells
        return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return None


def _twice(x: Tensor) -> Tensor:
    return x.tanh() + x.tanh()

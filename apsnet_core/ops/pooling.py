"""The maximum over the points of a cloud, by which a network forgets their order."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.linear import is_traced
from apsnet_core.ops.threads import share, thread_count


def max_pool(features: Tensor) -> Tensor:
    """The largest value of each feature over the points: (B, N, D) -> (B, D).

    Its gradient goes to one point that has it. `torch.amax` shares it among all equal ones, which takes four
    times as long.
    """
    if features.requires_grad and torch.is_grad_enabled() and not is_traced():
        return features.max(dim=1).values
    if is_traced() or not features.is_cpu or features.requires_grad or len(features) < thread_count():
        return features.amax(dim=1)
    # In parts of one thread each: OpenMP's would spin on where the work after it has threads of its own.
    step = -(-len(features) // thread_count())
    largest = features.new_empty(features.shape[0], features.shape[2])
    parted = zip(features.split(step), largest.split(step), strict=True)
    share(lambda part: torch.amax(part[0], dim=1, out=part[1]), list(parted))
    return largest

"""The maximum over the points of a cloud, by which a network forgets their order."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.linear import is_traced


def max_pool(features: Tensor) -> Tensor:
    """The largest value of each feature over the points: (B, N, D) -> (B, D).

    Its gradient goes to one point that has it. `torch.amax` shares it among all equal ones, which takes four
    times as long.
    """
    if features.requires_grad and torch.is_grad_enabled() and not is_traced():
        return features.max(dim=1).values
    return features.amax(dim=1)

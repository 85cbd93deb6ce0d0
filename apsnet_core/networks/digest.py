"""A digest that identifies the tensors of a network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


def network_digest(network: nn.Module) -> bytes:
    """SHA-256 of the network's tensors and their names. It does not depend on a weights file's metadata."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in network.state_dict().items():
        raw = tensor.cpu().reshape(-1).view(torch.uint8)  # numpy has no bfloat16
        digest.update(name.encode() + raw.numpy().tobytes())
    return digest.digest()

"""What tells the tensors of two networks apart."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


def network_digest(network: nn.Module) -> bytes:
    """SHA-256 of the tensors, by their names: what the file says about them may change."""
    digest = hashlib.sha256()
    for name, tensor in network.state_dict().items():
        digest.update(name.encode() + tensor.cpu().numpy().tobytes())
    return digest.digest()

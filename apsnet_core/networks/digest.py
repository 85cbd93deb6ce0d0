"""A digest that identifies the tensors of a network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


def network_digest(network: nn.Module) -> bytes:
    """SHA-256 of the network's tensors and their names. It does not depend on a weights file's metadata."""
    digest = hashlib.sha256()
    for name, tensor in network.state_dict().items():
        digest.update(name.encode() + tensor.cpu().numpy().tobytes())
    return digest.digest()

"""An average of the weights over the steps of a training, which may be better than any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

PREFIX = "average."


class WeightsAverage:
    """The moving average of a network's tensors: after each step, ``decay`` of it and 1 - decay of them.

    Batch-norm statistics are averaged too; whole numbers are taken as they are. In the first steps, when the
    average is of few, decay is at most (1 + t) / (10 + t) after t steps, so that the untrained tensors fade.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network, self.decay = network, decay
        self.tensors = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    def add(self, step: int) -> None:
        """Take in the tensors as they are after so many steps."""
        kept = min(self.decay, (1 + step) / (10 + step))
        for name, tensor in self.network.state_dict().items():
            if tensor.is_floating_point():
                self.tensors[name].lerp_(tensor, 1 - kept)
            else:
                self.tensors[name].copy_(tensor)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within, the network has the average; afterwards its own tensors, bit for bit."""
        own = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self._fill(self.tensors)
        try:
            yield
        finally:
            self._fill(own)

    def stored(self) -> dict[str, Tensor]:
        """Its tensors as a checkpoint holds them."""
        return {f"{PREFIX}{name}": tensor for name, tensor in self.tensors.items()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from those of a checkpoint."""
        for name, tensor in self.tensors.items():
            tensor.copy_(tensors[f"{PREFIX}{name}"])

    def _fill(self, tensors: Mapping[str, Tensor]) -> None:
        with torch.no_grad():
            for name, tensor in self.network.state_dict().items():
                tensor.copy_(tensors[name])

"""A moving average of the weights during a training, which may be better than the weights of any step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

PREFIX = "average."


class WeightsAverage:
    """The exponential moving average of a network's tensors.

    Each step: average = decay * average + (1 - decay) * tensor. Batch-norm statistics are averaged too;
    integers are copied. After t steps, decay is at most (1 + t) / (10 + t), so that the untrained tensors
    lose their influence in the first steps.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network, self.decay = network, decay
        self.tensors = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    def add(self, step: int) -> None:
        """Update the average with the current tensors, after ``step`` steps."""
        kept = min(self.decay, (1 + step) / (10 + step))
        for name, tensor in self.network.state_dict().items():
            if tensor.is_floating_point():
                self.tensors[name].lerp_(tensor, 1 - kept)
            else:
                self.tensors[name].copy_(tensor)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Inside the block the network has the average; its own tensors are then restored, bit for bit."""
        own = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self._fill(self.tensors)
        try:
            yield
        finally:
            self._fill(own)

    def stored(self) -> dict[str, Tensor]:
        """The tensors of the average for a checkpoint."""
        return {f"{PREFIX}{name}": tensor for name, tensor in self.tensors.items()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore the average from the tensors of a checkpoint."""
        for name, tensor in self.tensors.items():
            tensor.copy_(tensors[f"{PREFIX}{name}"])

    def _fill(self, tensors: Mapping[str, Tensor]) -> None:
        with torch.no_grad():
            for name, tensor in self.network.state_dict().items():
                tensor.copy_(tensors[name])

"""Networks for tests with random tensors and batch-norm statistics, so that none keeps its initial 0 or 1."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from apsnet_core.networks.apsnet import LSTMParameters

Array = npt.NDArray[np.float64]
Module = TypeVar("Module", bound=nn.Module)


def randomised(network: Module, seed: int = 0) -> Module:
    """``network`` in eval mode with random affine parameters and statistics in its batch norms."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv1d | LSTMParameters):
            for parameter in module.parameters():
                inputs = parameter[0].numel() if parameter.ndim > 1 else len(parameter)
                scale = 1.2 / inputs**0.5
                parameter.data = scale * torch.randn(parameter.shape, generator=generator)
        if isinstance(module, nn.BatchNorm1d):
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.uniform_(-0.3, 0.3, generator=generator)
            module.running_var.uniform_(0.5, 2.0, generator=generator)
            module.weight.data.uniform_(0.5, 1.5, generator=generator)
            module.bias.data.uniform_(-0.3, 0.3, generator=generator)
    return network.eval()


def arrays(network: nn.Module) -> dict[str, Array]:
    """Return the tensors of ``network`` as float64 arrays."""
    return {name: tensor.double().numpy() for name, tensor in network.state_dict().items()}


def clouds(batch: int, n: int, seed: int = 0, **options: Any) -> torch.Tensor:
    """Random clouds (batch, n, 3) in the unit cube around the origin."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(batch, n, 3, generator=generator, **options) - 0.5

"""Layers that a network shares among the points of a cloud, fast where nothing of them is learned.

Where a sampler learns in front of a task net, that stays as it is: each of its batch norms is a scale and a
shift, which the linear layer before it can have in its weights.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, is_grad_enabled, nn
from torch.nn.utils.fusion import fuse_linear_bn_weights

from apsnet_core.networks.hooks import has_hooks
from apsnet_core.ops.linear import can_multiply, is_traced, linear, linear_relu
from apsnet_core.ops.pooling import linear_max_pool, max_pool


class FoldedLayer(NamedTuple):
    """A linear layer with what follows it."""

    weight: Tensor
    bias: Tensor
    relu: bool


def shared(layers: nn.Sequential, points: Tensor) -> Tensor:
    """The features that ``layers`` give each point, (B, N, I) -> (B, N, O)."""
    rows = points.flatten(0, 1)
    frozen = _frozen(layers, rows)
    made = layers(rows) if frozen is None else _through(frozen, rows)
    return made.view(*points.shape[:2], -1)


def shared_max_pool(layers: nn.Sequential, points: Tensor) -> Tensor:
    """The largest value over the points of each such feature, (B, N, I) -> (B, O)."""
    rows = points.flatten(0, 1)
    frozen = _frozen(layers, rows)
    if frozen is None:
        return max_pool(layers(rows).view(*points.shape[:2], -1))
    *before, last = frozen
    below = _through(before, rows).view(*points.shape[:2], -1)
    pooled = linear_max_pool(below, last.weight, last.bias)
    # A ReLU keeps the order, so the largest value may go through it alone.
    return pooled.relu() if last.relu else pooled


def _through(layers: list[FoldedLayer], rows: Tensor) -> Tensor:
    learns = is_grad_enabled() and rows.requires_grad
    for layer in layers:
        if layer.relu and not learns:
            rows = linear_relu(rows, layer.weight, layer.bias)
        else:
            rows = linear(rows, layer.weight, layer.bias)
            rows = rows.relu_() if layer.relu else rows
    return rows


def _frozen(layers: nn.Sequential, rows: Tensor) -> list[FoldedLayer] | None:
    """The `folded` layers; None where something is learned, unknown, or cannot be multiplied by ``rows``.

    Nor where hooks wait for the layers' calls.
    """
    if layers.training or is_traced() or has_hooks(layers) or (is_grad_enabled() and _learns(layers)):
        return None
    made = folded(layers)
    usable = made is not None and all(can_multiply(rows, layer.weight) for layer in made)
    return made if usable else None


def folded(layers: nn.Sequential) -> list[FoldedLayer] | None:
    """The linear layers with their batch norms, as these are in eval mode; None where a layer is unknown."""
    made: list[FoldedLayer] = []
    for module in _flat(layers):
        if isinstance(module, nn.Linear):
            made.append(FoldedLayer(module.weight.detach(), module.bias.detach(), False))
        elif isinstance(module, nn.BatchNorm1d) and made and not made[-1].relu:
            assert module.running_mean is not None and module.running_var is not None  # for the types' sake
            weight, bias = fuse_linear_bn_weights(
                made[-1].weight, made[-1].bias, module.running_mean, module.running_var,
                module.eps, module.weight, module.bias,
            )  # fmt: skip
            made[-1] = FoldedLayer(weight.detach(), bias.detach(), False)
        elif isinstance(module, nn.ReLU) and made:
            made[-1] = made[-1]._replace(relu=True)
        else:
            return None
    return made


def _learns(layers: nn.Sequential) -> bool:
    return any(parameter.requires_grad for parameter in layers.parameters())


def _flat(layers: nn.Sequential) -> list[nn.Module]:
    return [module for module in layers.modules() if not isinstance(module, nn.Sequential)]

"""Layers shared by all points of a cloud, with a fast path for frozen ones.

A task net is frozen while a sampler in front of it is trained. Each of its batch norms is then a scale and a
shift, which can be folded into the weights of the linear layer before it.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, is_grad_enabled, nn
from torch.nn.utils.fusion import fuse_linear_bn_weights

from apsnet_core.networks.hooks import has_hooks
from apsnet_core.ops.linear import can_multiply, is_traced, linear, linear_relu
from apsnet_core.ops.pooling import linear_max_pool, max_pool


class FoldedLayer(NamedTuple):
    """A linear layer with its batch norm folded in, and whether a ReLU follows."""

    weight: Tensor
    bias: Tensor
    relu: bool


def shared(layers: nn.Sequential, points: Tensor) -> Tensor:
    """Apply ``layers`` to each point, (B, N, I) -> (B, N, O)."""
    rows = points.flatten(0, 1)
    frozen = _frozen(layers, rows)
    made = layers(rows) if frozen is None else _through(frozen, rows)
    return made.view(*points.shape[:2], -1)


def shared_max_pool(layers: nn.Sequential, points: Tensor) -> Tensor:
    """Apply ``layers`` to each point and take the maximum over the points, (B, N, I) -> (B, O)."""
    rows = points.flatten(0, 1)
    frozen = _frozen(layers, rows)
    if frozen is None:
        return max_pool(layers(rows).view(*points.shape[:2], -1))
    *before, last = frozen
    below = _through(before, rows).view(*points.shape[:2], -1)
    pooled = linear_max_pool(below, last.weight, last.bias)
    # ReLU is monotonic, so it can be applied after the maximum.
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
    """Return the `folded` layers, or None where the fast path cannot be used.

    It cannot be used under tracing, or if a layer is being trained, is of an unknown type, has hooks, or
    cannot be multiplied with ``rows``.
    """
    if layers.training or is_traced() or has_hooks(layers) or (is_grad_enabled() and _learns(layers)):
        return None
    made = folded(layers)
    usable = made is not None and all(can_multiply(rows, layer.weight) for layer in made)
    return made if usable else None


def folded(layers: nn.Sequential) -> list[FoldedLayer] | None:
    """Fold batch norms, as in eval mode, into the linear layers. None if a layer is of another type."""
    made: list[FoldedLayer] = []
    for module in _flat(layers):
        if isinstance(module, nn.Linear):
            made.append(FoldedLayer(module.weight.detach(), module.bias.detach(), False))
        elif isinstance(module, nn.BatchNorm1d) and made and not made[-1].relu:
            assert module.running_mean is not None and module.running_var is not None  # for the type checker
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

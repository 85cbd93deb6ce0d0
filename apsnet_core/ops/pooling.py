"""Max pooling over the points of a cloud, which makes a network independent of their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType

import torch
from torch import Tensor

from apsnet_core.ops.compiled import Kernels
from apsnet_core.ops.linear import is_traced, linear, product
from apsnet_core.ops.threads import one_thread, share, share_compiled, thread_count
from apsnet_core.types import Foreign

# Loading the kernels pays off after this many features.
_WORTH = 1 << 28
# Rows of a wide layer computed at once; they are read again while they are in a core's own cache.
_ROWS = 512

_PARTS = 4  # parts of the work for each thread, so that other threads can take over from a delayed one

KERNELS = Kernels("apsnet_core.ops.pooling_kernels", _WORTH)


def max_pool(features: Tensor) -> Tensor:
    """The maximum of each feature over the points, (B, N, D) -> (B, D).

    The gradient goes to one of the points that have the maximum. `torch.amax` distributes it over all of
    them, which takes four times as long.
    """
    if features.requires_grad and torch.is_grad_enabled() and not is_traced():
        if features.is_cpu and features.dtype == torch.float32:
            kernels = KERNELS.for_work(features.numel())
            if kernels is not None:
                return _MaxPool.apply(features, kernels)  # type: ignore[no-untyped-call, no-any-return]
        return features.max(dim=1).values
    if is_traced() or not features.is_cpu or features.requires_grad or len(features) < thread_count():
        return features.amax(dim=1)
    # One part per thread. OpenMP's threads would keep spinning and slow down other threads' work afterwards.
    step = -(-len(features) // thread_count())
    largest = features.new_empty(features.shape[0], features.shape[2])
    parted = zip(features.split(step), largest.split(step), strict=True)
    share(lambda part: torch.amax(part[0], dim=1, out=part[1]), list(parted))
    return largest


def linear_max_pool(points: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """`max_pool` of a frozen linear layer, (B, N, I), (O, I), (O,) -> (B, O). Requires `can_multiply`.

    The layer's features are never all in memory. The forward pass computes them for a few clouds at a time;
    in the backward pass only one point of a cloud has a gradient in each feature.
    """
    if not (points.requires_grad and torch.is_grad_enabled()):
        return _in_parts(points, weight, bias, lambda features, part: features.amax(dim=1))
    kernels = KERNELS.for_work(points.shape[0] * points.shape[1] * len(weight))
    if kernels is None:
        features = linear(points.flatten(0, 1), weight, bias)
        return max_pool(features.view(*points.shape[:2], -1))
    return _LinearMaxPool.apply(points, weight, bias, kernels)  # type: ignore[no-untyped-call, no-any-return]


class _MaxPool(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Foreign, features: Tensor, kernels: ModuleType) -> Tensor:
        values = features.new_empty(features.shape[0], features.shape[2])
        places = torch.empty_like(values, dtype=torch.int32)
        _over_clouds(kernels.largest, features, values, places)
        ctx.save_for_backward(places)
        ctx.kernels, ctx.n = kernels, features.shape[1]
        return values

    @staticmethod
    def backward(ctx: Foreign, given: Tensor) -> tuple[Tensor, None]:
        (places,) = ctx.saved_tensors
        if torch.is_grad_enabled():
            return _spread(given, places, ctx.n), None
        into = given.new_empty(len(given), ctx.n, given.shape[1])
        _over_clouds(ctx.kernels.spread, given, places, into)
        return into, None


class _LinearMaxPool(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Foreign, points: Tensor, weight: Tensor, bias: Tensor, kernels: ModuleType) -> Tensor:
        places = torch.empty(len(points), len(weight), dtype=torch.int32)

        def pool(features: Tensor, part: slice) -> Tensor:
            values = features.new_empty(features.shape[0], features.shape[2])
            kernels.largest(features.numpy(), values.numpy(), places[part].numpy())
            return values

        values = _in_parts(points, weight, bias, pool)
        ctx.save_for_backward(weight, places)
        ctx.kernels, ctx.n = kernels, points.shape[1]
        return values

    @staticmethod
    def backward(ctx: Foreign, given: Tensor) -> tuple[Tensor, None, None, None]:
        weight, places = ctx.saved_tensors
        if torch.is_grad_enabled():
            return _spread(given, places, ctx.n) @ weight, None, None, None
        into = given.new_empty(len(given), ctx.n, weight.shape[1])
        _over_clouds(partial(ctx.kernels.spread_products, weight.numpy()), given, places, into)
        return into, None, None, None


def _spread(given: Tensor, places: Tensor, n: int) -> Tensor:
    """Scatter the gradients ``given`` (B, D) to their ``places`` (B, D) among n points; differentiable."""
    nothing = given.new_zeros(len(given), n, given.shape[1])
    return nothing.scatter(1, places[:, None].long(), given[:, None])


def _in_parts(
    points: Tensor, weight: Tensor, bias: Tensor, pool: Callable[[Tensor, slice], Tensor]
) -> Tensor:
    """Apply ``pool`` to the layer's features (b, N, O), for one part of the clouds at a time."""
    points, weight, bias = points.detach(), weight.detach().contiguous(), bias.detach()
    batch, n, _ = points.shape
    pooled = points.new_empty(batch, len(weight))
    clouds = max(_ROWS // n, 1)

    def work(first: int) -> None:
        part = slice(first, first + clouds)
        made = product(points[part].flatten(0, 1), weight, bias)
        pooled[part] = pool(made.view(-1, n, len(weight)), part)

    share(work, range(0, batch, clouds))
    return pooled


def _over_clouds(kernel: Callable[..., None], *tensors: Tensor) -> None:
    """Call ``kernel`` for parts of the clouds, in all of the caller's threads."""
    with one_thread():
        arrays = [tensor.detach().contiguous().numpy() for tensor in tensors]
    step = -(-len(arrays[0]) // (_PARTS * thread_count()))
    share_compiled(
        lambda first: kernel(*(array[first : first + step] for array in arrays)),
        range(0, len(arrays[0]), step),
    )

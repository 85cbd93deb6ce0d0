"""Farthest point sampling: each new point is the one farthest from the points already selected."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.distances import nearest_index
from apsnet_core.ops.farthest_point_cpu import (
    check_selection,
    complete_cpu,
    complete_steps,
    squared_norm,
)
from apsnet_core.ops.kernels import can_use_kernel

# Up to this many points, a whole cloud fits into the registers of one GPU program.
IN_REGISTERS = 1 << 14


def farthest_point_sample(points: Tensor, m: int, start: int | Tensor | torch.Generator = 0) -> Tensor:
    """The indices (B, m) int64 of a farthest point sample of ``points`` (B, N, 3), in the order of selection.

    ``start`` is the first index: one for all clouds, one for each cloud (B,), or a random generator. Ties go
    to the lowest index. When all distinct points are selected, unused indices follow, so the indices are
    always distinct. Raises ValueError if ``m`` is not in 1..N or a start is not an index of the cloud.

    >>> line = torch.tensor([[[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [5, 0, 0]]])
    >>> farthest_point_sample(line, 3)
    tensor([[0, 3, 2]])
    """
    _check(points, m)
    batch, n, _ = points.shape
    if isinstance(start, torch.Generator):
        first = torch.randint(n, (batch,), generator=start, device=start.device)
    else:
        first = torch.as_tensor(start, dtype=torch.long, device=points.device).expand(batch)
    if bool(((first < 0) | (first >= n)).any()):
        raise ValueError(f"a start must be a row of the cloud, 0..{n - 1}")
    return complete_selection(points, first.to(points.device).unsqueeze(1), torch.ones_like(first), m)


def complete_selection(points: Tensor, chosen: Tensor, count: Tensor, m: int) -> Tensor:
    """Extend a selection of ``points`` (B, N, 3) to ``m`` indices (B, m) int64 by farthest point sampling.

    The selection of cloud b is ``chosen[b, :count[b]]``: at least one index, all distinct; ``chosen`` is
    (B, k) and ``count`` (B,). The result begins with it. Raises ValueError if ``m`` is not in 1..N.
    """
    _check(points, m)
    points = points.detach()
    if points.dtype != torch.float64:
        points = points.float()
    chosen, count = chosen.to(points.device), count.to(points.device)
    if points.is_cpu:
        return torch.from_numpy(complete_cpu(points.numpy(), chosen.numpy(), count.numpy(), m))
    planes = points.permute(2, 0, 1).contiguous()
    batch, n, _ = points.shape

    # The first selected points, as many as every cloud has, need no steps: one search gives the distances.
    common = min(m, int(count.min()))
    picks = torch.empty(batch, m, dtype=torch.long, device=points.device)
    picks[:, :common] = chosen[:, :common]
    anchors = points.gather(1, chosen[:, :common, None].expand(-1, -1, 3))
    nearest = nearest_index(points, anchors)
    difference = planes - anchors.permute(2, 0, 1).gather(2, nearest.expand(3, -1, -1))
    # Squared distance to the nearest selected point; -inf for selected points, which excludes them.
    remaining = squared_norm(difference).scatter(1, chosen[:, :common], -torch.inf)
    if can_use_kernel(points) and n <= IN_REGISTERS:
        from apsnet_core.ops.farthest_point_gpu import complete_gpu

        complete_gpu(planes, remaining, chosen, count, picks, common)
    else:
        complete_steps(torch, planes, remaining, chosen, count, picks, common)
    return picks


def _check(points: Tensor, m: int) -> None:
    if points.ndim != 3 or points.shape[-1] != 3:
        raise ValueError(f"points must be (B, N, 3), not {tuple(points.shape)}")
    check_selection(points.shape, m)

"""Farthest point sampling: each next point is the one farthest from all points taken so far."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.threads import one_thread


def farthest_point_sample(points: Tensor, m: int, start: int | Tensor | torch.Generator = 0) -> Tensor:
    """Indices (B, m) int64 of a farthest point sample of ``points`` (B, N, 3), in the order they were taken.

    ``start`` is the first index: one for all clouds, one for each (B,), or a generator to draw them from.
    Ties go to the lowest index. Once every distinct point is taken, rows not yet taken follow, so that the
    indices are always distinct. ``ValueError`` if ``m`` is not in 1..N or a start is not a row.
    """
    _check(points, m)
    batch, n, _ = points.shape
    if isinstance(start, torch.Generator):
        first = torch.randint(n, (batch,), generator=start, device=start.device)
    else:
        first = torch.as_tensor(start, dtype=torch.long).expand(batch)
    first = first.to(points.device)
    if bool(((first < 0) | (first >= n)).any()):
        raise ValueError(f"a start must be a row of the cloud, 0..{n - 1}")
    return complete_selection(points, first.unsqueeze(1), torch.ones_like(first), m)


def complete_selection(points: Tensor, chosen: Tensor, count: Tensor, m: int) -> Tensor:
    """Extend a selection of ``points`` (B, N, 3) to ``m`` by farthest point sampling: (B, m) int64.

    Of each row of ``chosen`` (B, k), the first ``count`` (B,) >= 1 indices are the selection; they come first in
    the result. Where ``count`` is ``m`` or more the row's first ``m`` are returned.
    """
    _check(points, m)
    points = points.detach()
    batch, n, _ = points.shape
    rows = torch.arange(batch, device=points.device)
    result = torch.zeros(batch, m, dtype=torch.long, device=points.device)
    remaining = torch.full((batch, n), torch.inf, dtype=points.dtype, device=points.device)
    with one_thread():
        for t in range(m):
            pick = remaining.argmax(-1)
            if t < chosen.shape[1]:
                pick = torch.where(t < count, chosen[:, t], pick)
            result[:, t] = pick
            distance = (points - points[rows, pick].unsqueeze(1)).square().sum(-1)
            remaining = torch.minimum(remaining, distance)
            remaining[rows, pick] = -1.0
    return result


def _check(points: Tensor, m: int) -> None:
    if points.ndim != 3 or points.shape[-1] != 3:
        raise ValueError(f"points must be (B, N, 3), not {tuple(points.shape)}")
    if not 1 <= m <= points.shape[1]:
        raise ValueError(f"cannot take {m} of {points.shape[1]} points: at least 1, at most all of them")

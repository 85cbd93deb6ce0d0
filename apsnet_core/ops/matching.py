"""Matching generated points to input points: APSNet-M and SampleNet-M (Sec. 3)."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.ops.distances import nearest
from apsnet_core.ops.farthest_point import complete_selection


def match(generated: Tensor, points: Tensor) -> Tensor:
    """The indices (B, m) int64 of the input points that replace the generated points (Sec. 3).

    ``generated`` is (B, m, 3) and ``points`` (B, N, 3). The nearest input points of the generated points come
    first, without duplicates, in order of first occurrence. Farthest point sampling adds the missing points.
    The indices are distinct, and so are the points if the cloud has enough distinct points. Raises ValueError
    if m > N or the shapes do not fit.

    >>> cloud = torch.tensor([[[0.0, 0, 0], [1, 0, 0], [9, 0, 0]]])
    >>> match(torch.tensor([[[0.9, 0, 0], [1.1, 0, 0]]]), cloud)
    tensor([[1, 2]])
    """
    return match_with_origins(generated, points)[0]


def match_with_origins(generated: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """Return the indices of `match`, and for each one the index (B, m) of the generated point it replaces.

    Each generated point is replaced once. An index that farthest point sampling added replaces one of the
    points that were dropped as duplicates.
    """
    m, n = generated.shape[-2], points.shape[-2]
    if m > n:
        raise ValueError(f"cannot match {m} points to {n}: at most as many as the cloud has")
    index = nearest(generated.detach(), points.detach())[1]
    origins, count = _first_occurrences(index)
    return complete_selection(points, index.gather(1, origins), count, m), origins


def _first_occurrences(index: Tensor) -> tuple[Tensor, Tensor]:
    """Return the positions in each row of ``index`` (B, m), repeated values last, and the number of distinct
    values (B,)."""
    ascending, places = index.sort(dim=1, stable=True)
    repeats = torch.zeros_like(index)
    repeats[:, 1:] = ascending[:, 1:] == ascending[:, :-1]
    is_repeat = torch.empty_like(repeats).scatter_(1, places, repeats)
    return torch.argsort(is_repeat, dim=1, stable=True), (is_repeat == 0).sum(1)

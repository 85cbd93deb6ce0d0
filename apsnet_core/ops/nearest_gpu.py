"""Nearest points on a GPU in one kernel, which never writes the distances of pairs to memory."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

_QUERIES = 64
_POINTS = 64


@triton.jit
def _nearest(queries, points, index, n, m, QUERIES: tl.constexpr, POINTS: tl.constexpr):
    # One grid axis for both, because a second axis would be limited to 65,535 clouds.
    blocks = tl.cdiv(n, QUERIES)
    cloud = tl.program_id(0) // blocks
    rows = tl.program_id(0) % blocks * QUERIES + tl.arange(0, QUERIES)
    inside = rows < n
    query = queries + (cloud * n + rows) * 3
    x = tl.load(query, mask=inside, other=0.0)
    y = tl.load(query + 1, mask=inside, other=0.0)
    z = tl.load(query + 2, mask=inside, other=0.0)
    least = tl.full((QUERIES,), float("inf"), tl.float32)
    found = tl.zeros((QUERIES,), tl.int32)
    for start in range(0, m, POINTS):
        columns = start + tl.arange(0, POINTS)
        valid = columns < m
        point = points + (cloud * m + columns) * 3
        dx = x[:, None] - tl.load(point, mask=valid, other=0.0)[None, :]
        dy = y[:, None] - tl.load(point + 1, mask=valid, other=0.0)[None, :]
        dz = z[:, None] - tl.load(point + 2, mask=valid, other=0.0)[None, :]
        distance = tl.where(valid[None, :], dx * dx + dy * dy + dz * dz, float("inf"))
        block_least = tl.min(distance, axis=1)
        block_found = start + tl.argmin(distance, axis=1)
        closer = block_least < least
        least = tl.where(closer, block_least, least)
        found = tl.where(closer, block_found, found)
    tl.store(index + cloud * n + rows, found.to(tl.int64), mask=inside)


def nearest_index_gpu(queries: Tensor, points: Tensor) -> Tensor:
    """The index (B, N) int64 of the nearest of ``points`` (B, M, 3) to each of ``queries`` (B, N, 3)."""
    queries, points = queries.float().contiguous(), points.float().contiguous()
    batch, n, _ = queries.shape
    index = torch.empty(batch, n, dtype=torch.int64, device=queries.device)
    grid = (triton.cdiv(n, _QUERIES) * batch,)
    with torch.cuda.device(queries.device):  # Triton launches on the current device
        _nearest[grid](queries, points, index, n, points.shape[1], QUERIES=_QUERIES, POINTS=_POINTS)
    return index

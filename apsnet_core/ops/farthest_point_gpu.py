"""Farthest point sampling on a GPU in one kernel; each cloud stays in the registers of its own program."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _complete(planes, remaining, chosen, count, picks, batch, n, k, m, start, SIZE: tl.constexpr):
    cloud = tl.program_id(0)
    rows = tl.arange(0, SIZE)
    inside = rows < n
    first = planes + cloud * n
    x = tl.load(first + rows, mask=inside, other=0.0)
    y = tl.load(first + batch * n + rows, mask=inside, other=0.0)
    z = tl.load(first + 2 * batch * n + rows, mask=inside, other=0.0)
    left = tl.load(remaining + cloud * n + rows, mask=inside, other=-float("inf"))
    kept = tl.minimum(tl.load(count + cloud), k)
    for t in range(start, m):
        given = tl.load(chosen + cloud * k + t, mask=t < kept, other=0)
        pick = tl.where(t < kept, given, tl.argmax(left, axis=0).to(tl.int64))
        tl.store(picks + cloud * m + t, pick)
        dx = x - tl.load(first + pick)
        dy = y - tl.load(first + batch * n + pick)
        dz = z - tl.load(first + 2 * batch * n + pick)
        left = tl.minimum(left, dx * dx + dy * dy + dz * dz)
        left = tl.where(rows == pick, -float("inf"), left)


def complete_gpu(
    planes: Tensor, remaining: Tensor, chosen: Tensor, count: Tensor, picks: Tensor, start: int
) -> None:
    """Fill ``picks`` (B, m) from step ``start`` on. ``planes`` (3, B, N) and ``remaining`` (B, N) must be
    contiguous."""
    _, batch, n = planes.shape
    size = triton.next_power_of_2(n)
    warps = min(16, max(1, size // 256))
    with torch.cuda.device(planes.device):
        # Without fused multiply-adds, sums are rounded as on a CPU and give the same indices, even for ties.
        _complete[(batch,)](
            planes,
            remaining,
            chosen.contiguous(),
            count,
            picks,
            batch,
            n,
            chosen.shape[1],
            picks.shape[1],
            start,
            SIZE=size,
            num_warps=warps,
            enable_fp_fusion=False,
        )

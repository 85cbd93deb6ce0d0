"""Farthest point sampling on a CPU, without torch: by compiled loops where there are, else in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from apsnet_core.cloud import Float32, Int64
from apsnet_core.ops.farthest_point_few import complete_few
from apsnet_core.ops.farthest_point_large import complete_large
from apsnet_core.ops.nearest_cpu import nearest_index_cpu
from apsnet_core.ops.search_cpu import farthest_compiled, search_kernels
from apsnet_core.types import Array

# From this many points on it pays to sort them into boxes, and to skip most boxes at each step.
LARGE = 50_000
# The same limit for compiled steps, in distances.
BOXED = 3 * 10**8
# So few compiled steps take less time than the boxes alone, and a third of their memory, however many points.
FEW = 128
# The same for steps in numpy, which need no copy of the cloud at all.
FEW_PLAIN = 48


def farthest_rows(points: Float32, m: int, start: int = 0) -> Int64:
    """``m`` rows of one cloud (n, 3), see `apsnet_core.ops.farthest_point.farthest_point_sample`."""
    check_selection(points.shape, m)
    rows: Int64 = complete_cpu(points[None], np.array([[start]]), np.ones(1, np.int64), m)[0]
    return rows


def complete_cpu(points: Array, chosen: Int64, count: Int64, m: int) -> Int64:
    """`apsnet_core.ops.farthest_point.complete_selection` of ``points`` (B, n, 3), 32 or 64 bits: (B, m)."""
    batch, n, _ = points.shape
    kernels = search_kernels(points, batch * n * m) if n * m < BOXED or m <= FEW else None
    if kernels is None and n >= LARGE and m <= FEW_PLAIN:
        return np.stack([complete_few(points[b], chosen[b, : count[b]], m) for b in range(batch)])
    planes = np.ascontiguousarray(points.transpose(2, 0, 1))
    if kernels is not None:
        return farthest_compiled(kernels, planes, np.ascontiguousarray(chosen), count, m)
    if n >= LARGE:
        return np.stack([complete_large(planes[:, b], chosen[b, : count[b]], m) for b in range(batch)])

    # The rows that every cloud has chosen need no steps: one search gives the distances to them.
    common = min(m, int(count.min()))
    picks = np.empty((batch, m), dtype=np.int64)
    picks[:, :common] = chosen[:, :common]
    anchors = np.take_along_axis(points, chosen[:, :common, None], axis=1)
    nearest = nearest_index_cpu(points, anchors)
    planes_of_anchors = anchors.transpose(2, 0, 1)
    difference = planes - np.take_along_axis(planes_of_anchors, nearest[None], axis=2)
    remaining = squared_norm(difference)
    # Squared distance to the nearest point taken; those taken themselves stand below every distance.
    np.put_along_axis(remaining, chosen[:, :common], -np.inf, axis=1)
    complete_steps(np, planes, remaining, chosen, count, picks, common)
    return picks


Either = Any  # numpy or torch, whose arrays obey the same lines


def complete_steps(
    xp: Either, planes: Either, remaining: Either, chosen: Either, count: Either, picks: Either, start: int
) -> None:
    """Fill ``picks`` (B, m) from step ``start`` on; ``planes`` (3, B, n) holds one coordinate after another.

    The same lines run in torch on a GPU and in numpy on a CPU, where a call costs less and argmax is fast.
    """
    rows = xp.arange(planes.shape[1], device=planes.device)
    distance, square = xp.empty_like(remaining), xp.empty_like(remaining)
    for t in range(start, picks.shape[1]):
        pick = remaining.argmax(1)
        if t < chosen.shape[1]:
            pick = xp.where(t < count, chosen[:, t], pick)
        picks[:, t] = pick
        point = planes[:, rows, pick][:, :, None]
        for axis, into in enumerate((distance, square, square)):
            xp.subtract(planes[axis], point[axis], out=into)
            xp.multiply(into, into, out=into)
            if axis:
                xp.add(distance, square, out=distance)
        xp.minimum(remaining, distance, out=remaining)
        remaining[rows, pick] = -xp.inf


def squared_norm(planes: Either) -> Either:
    """Of ``planes`` (3, B, n), summed as the steps above do it: the order decides the last bit."""
    x, y, z = planes * planes
    return x + y + z


def check_selection(shape: tuple[int, ...], m: int) -> None:
    """ValueError unless ``m`` rows can be taken of points of this shape, (..., n, 3)."""
    if shape[-1] != 3:
        raise ValueError(f"points must be (..., n, 3), not {tuple(shape)}")
    if not 1 <= m <= shape[-2]:
        raise ValueError(f"cannot take {m} of {shape[-2]} points: at least 1, at most all of them")

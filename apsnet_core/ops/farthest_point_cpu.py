"""Farthest point sampling on a CPU without torch, in compiled loops if available, otherwise in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from apsnet_core.cloud import Float32, Int64
from apsnet_core.ops.farthest_point_few import complete_few
from apsnet_core.ops.farthest_point_large import complete_large
from apsnet_core.ops.nearest_cpu import nearest_index_cpu
from apsnet_core.ops.search_cpu import farthest_compiled, search_kernels
from apsnet_core.types import Array

# From this many points on it is faster to sort them into boxes and skip most boxes at each step.
LARGE = 50_000
# The same limit for compiled steps, as a number of distances.
BOXED = 3 * 10**8
# Up to this many compiled steps take less time than making the boxes, for any number of points, and a third
# of the memory.
FEW = 128
# The same for steps in numpy, which need no copy of the cloud.
FEW_PLAIN = 48


def farthest_rows(points: Float32, m: int, start: int = 0) -> Int64:
    """The ``m`` indices selected from one cloud (n, 3), as by
    `apsnet_core.ops.farthest_point.farthest_point_sample`."""
    check_selection(points.shape, m)
    rows: Int64 = complete_cpu(points[None], np.array([[start]]), np.ones(1, np.int64), m)[0]
    return rows


def complete_cpu(points: Array, chosen: Int64, count: Int64, m: int) -> Int64:
    """`apsnet_core.ops.farthest_point.complete_selection` for numpy ``points`` (B, n, 3), 32 or 64 bits."""
    batch, n, _ = points.shape
    kernels = search_kernels(points, batch * n * m) if n * m < BOXED or m <= FEW else None
    if kernels is None and n >= LARGE and m <= FEW_PLAIN:
        return np.stack([complete_few(points[b], chosen[b, : count[b]], m) for b in range(batch)])
    planes = np.ascontiguousarray(points.transpose(2, 0, 1))
    if kernels is not None:
        return farthest_compiled(kernels, planes, np.ascontiguousarray(chosen), count, m)
    if n >= LARGE:
        return np.stack([complete_large(planes[:, b], chosen[b, : count[b]], m) for b in range(batch)])

    # The first selected points, as many as every cloud has, need no steps: one search gives the distances.
    common = min(m, int(count.min()))
    picks = np.empty((batch, m), dtype=np.int64)
    picks[:, :common] = chosen[:, :common]
    anchors = np.take_along_axis(points, chosen[:, :common, None], axis=1)
    nearest = nearest_index_cpu(points, anchors)
    planes_of_anchors = anchors.transpose(2, 0, 1)
    difference = planes - np.take_along_axis(planes_of_anchors, nearest[None], axis=2)
    remaining = squared_norm(difference)
    # Squared distance to the nearest selected point; -inf for selected points, which excludes them.
    np.put_along_axis(remaining, chosen[:, :common], -np.inf, axis=1)
    complete_steps(np, planes, remaining, chosen, count, picks, common)
    return picks


Either = Any  # numpy or torch, for whose arrays the same code works


def complete_steps(
    xp: Either, planes: Either, remaining: Either, chosen: Either, count: Either, picks: Either, start: int
) -> None:
    """Fill ``picks`` (B, m) from step ``start`` on. ``planes`` (3, B, n) holds one coordinate after another.

    The same code runs in torch on a GPU and in numpy on a CPU, where numpy's calls cost less and its argmax
    is fast.
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
    """The squared norms of ``planes`` (3, B, n), summed in the order of `complete_steps`, to the last bit."""
    x, y, z = planes * planes
    return x + y + z


def check_selection(shape: tuple[int, ...], m: int) -> None:
    """Raise ValueError unless ``m`` of the points of this ``shape``, (..., n, 3), can be selected."""
    if shape[-1] != 3:
        raise ValueError(f"points must be (..., n, 3), not {tuple(shape)}")
    if not 1 <= m <= shape[-2]:
        raise ValueError(f"cannot take {m} of {shape[-2]} points: at least 1, at most all of them")

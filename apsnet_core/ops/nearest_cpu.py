"""Nearest points on a CPU, in compiled loops if available, otherwise in numpy with the same result.

In numpy a matrix product in cache-sized tiles selects the candidates, which are then compared exactly.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.ops.search_cpu import nearest_index_compiled, search_kernels
from apsnet_core.types import Array

_Floats = Array

# Pairs in a tile. They stay in the cache, and BLAS, which needs four products for each, uses only one thread.
_PAIRS = 1 << 16
# Queries, and points, processed at once, so that a large cloud is never copied as a whole.
_BLOCK = 1 << 19


def nearest_index_cpu(queries: _Floats, points: _Floats) -> Int64:
    """The index (B, N) of the nearest of ``points`` (B, M, 3) to each of ``queries`` (B, N, 3).

    Ties go to the lowest index. Both arrays have the same precision. The product ranks the points by
    |p|^2 - 2qp, up to rounding; where the second best is within the rounding error, the distances are
    computed one by one.
    """
    batch, n, _ = queries.shape
    kernels = search_kernels(points, batch * n * points.shape[1])
    index = np.empty((batch, n), dtype=np.int64)
    for first in range(0, n, _BLOCK):
        some = slice(first, first + _BLOCK)
        index[:, some] = _nearest_of_many(queries[:, some], points, kernels)
    return index


def _nearest_of_many(queries: _Floats, points: _Floats, kernels: ModuleType | None) -> Int64:
    m = points.shape[1]
    size = _BLOCK if kernels is not None else _PAIRS
    if m <= size:
        return _nearest(queries, points, kernels)
    index = np.zeros(queries.shape[:2], dtype=np.int64)
    least = np.full(index.shape, np.inf, dtype=queries.dtype)
    for first in range(0, m, size):
        block = points[:, first : first + size]
        found = _nearest(queries, block, kernels)
        apart = np.square(queries - np.take_along_axis(block, found[:, :, None], axis=1))
        away = apart[:, :, 0] + apart[:, :, 1] + apart[:, :, 2]  # in the same order as in the other versions
        nearer = away < least
        index[nearer] = found[nearer] + first
        least[nearer] = away[nearer]
    return index


def _nearest(queries: _Floats, points: _Floats, kernels: ModuleType | None) -> Int64:
    batch, n, _ = queries.shape
    m = points.shape[1]
    index = np.empty((batch, n), dtype=np.int64)
    if m == 1:
        index[:] = 0
        return index
    if kernels is not None:
        return nearest_index_compiled(kernels, queries, points)
    close = np.empty((batch, n), dtype=np.bool_)
    rows = min(n, max(1, _PAIRS // m))
    scores = np.empty((rows, m), dtype=points.dtype)
    for b in range(batch):
        left, right, tolerance = _factors(queries[b], points[b])
        for i in range(0, n, rows):
            tile = slice(i, min(i + rows, n))
            score = scores[: tile.stop - i]
            np.matmul(left[tile], right, out=score)
            row = np.arange(len(score))
            best = score.argmin(axis=1, out=index[b, tile])
            limit = score[row, best] + tolerance[tile]
            score[row, best] = np.inf
            np.less_equal(score[row, score.argmin(axis=1)], limit, out=close[b, tile])
        _decide(queries[b], points[b], np.flatnonzero(close[b]), index[b])
    return index


def _factors(queries: _Floats, points: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    """Return matrices (N, 4) and (4, M) whose product is |p|^2 - 2qp, and the tolerance (N,) of its rows."""
    centre = points.mean(axis=0)
    queries, points = queries - centre, points - centre
    squared = np.square(points).sum(axis=1)
    left = np.concatenate([queries, np.ones_like(queries[:, :1])], axis=1)
    right = np.concatenate([-2.0 * points, squared[:, None]], axis=1).T.copy()
    reach = np.sqrt(np.square(queries).sum(axis=1)) + np.sqrt(squared.max())
    return left, right, 32.0 * np.finfo(points.dtype).eps * reach * reach


def _decide(queries: _Floats, points: _Floats, rows: Int64, index: Int64) -> None:
    """Set ``index`` at ``rows`` from exact distances, summed so that equal points have equal distances."""
    chunk = max(1, _PAIRS // len(points))
    for i in range(0, len(rows), chunk):
        some = rows[i : i + chunk]
        total = np.square(queries[some, 0, None] - points[:, 0])
        for axis in (1, 2):
            total += np.square(queries[some, axis, None] - points[:, axis])
        index[some] = total.argmin(axis=1)

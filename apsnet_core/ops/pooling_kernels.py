"""The maximum over the points of a cloud and its way back, as functions for numba to compile.

Single precision, one thread: the callers share the clouds among theirs.
"""

from __future__ import annotations

from typing import Any

from apsnet_core.ops.compiled import compiled

Array = Any  # numpy to mypy, numba's own to numba

_ROWS, _PLACES, _CLOUDS = "float32[:,::1]", "int32[:,::1]", "float32[:,:,::1]"


@compiled(f"void({_CLOUDS}, {_ROWS}, {_PLACES})", nan=True)
def largest(features: Array, values: Array, places: Array) -> None:
    """Of ``features`` (B, N, D) the largest ``values`` (B, D) over the points, and the first point of each.

    nan counts as the largest, as it does in PyTorch.
    """
    batch, n, size = features.shape
    for b in range(batch):
        best, place = values[b], places[b]
        for d in range(size):
            best[d] = features[b, 0, d]
            place[d] = 0
        for i in range(1, n):
            row = features[b, i]
            for d in range(size):
                more = (not row[d] <= best[d]) & (best[d] == best[d])
                best[d] = row[d] if more else best[d]
                place[d] = i if more else place[d]


@compiled(f"void({_ROWS}, {_PLACES}, {_CLOUDS})")
def spread(given: Array, places: Array, into: Array) -> None:
    """The way back of `largest`: ``given`` (B, D) at its ``places`` in ``into`` (B, N, D), else zeros."""
    batch, n, size = into.shape
    for b in range(batch):
        for i in range(n):
            for d in range(size):
                into[b, i, d] = 0
        for d in range(size):
            into[b, places[b, d], d] = given[b, d]


@compiled(f"void({_ROWS}, {_ROWS}, {_PLACES}, {_CLOUDS})")
def spread_products(weight: Array, given: Array, places: Array, into: Array) -> None:
    """`spread`, and from there through a linear layer's ``weight`` (D, I): ``into`` is (B, N, I).

    Only one point of a cloud has a gradient in each feature: D I products a cloud, not N D I.
    """
    batch, n, size = into.shape
    for b in range(batch):
        for i in range(n):
            for k in range(size):
                into[b, i, k] = 0
        for d in range(places.shape[1]):
            factor = given[b, d]
            if factor != 0:
                row, products = into[b, places[b, d]], weight[d]
                for k in range(size):
                    row[k] += factor * products[k]

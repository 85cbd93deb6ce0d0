"""Max pooling over the points of a cloud and its backward, as functions that numba compiles.

They are single-threaded and in single precision; the callers distribute the clouds over threads.
"""

from __future__ import annotations

from typing import Any

from apsnet_core.ops.compiled import compiled

Array = Any  # a numpy array for mypy, and numba's own array for numba

_ROWS, _PLACES, _CLOUDS = "float32[:,::1]", "int32[:,::1]", "float32[:,:,::1]"


@compiled(f"void({_CLOUDS}, {_ROWS}, {_PLACES})", nan=True)
def largest(features: Array, values: Array, places: Array) -> None:
    """Fill ``values`` (B, D), the maxima of ``features`` (B, N, D) over the points.

    ``places`` (B, D) get the index of the first point with the maximum. nan counts as the largest value, as
    in PyTorch.
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
    """The backward of `largest`: write ``given`` (B, D) to ``places`` in ``into`` (B, N, D), else zeros."""
    batch, n, size = into.shape
    for b in range(batch):
        for i in range(n):
            for d in range(size):
                into[b, i, d] = 0
        for d in range(size):
            into[b, places[b, d], d] = given[b, d]


@compiled(f"void({_ROWS}, {_ROWS}, {_PLACES}, {_CLOUDS})")
def spread_products(weight: Array, given: Array, places: Array, into: Array) -> None:
    """The backward of a linear layer, ``weight`` (D, I), followed by `largest`: fills ``into`` (B, N, I).

    Only one point of a cloud has a gradient in each feature, so this takes D I products a cloud, not N D I.
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

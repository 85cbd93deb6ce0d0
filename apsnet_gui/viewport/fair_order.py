"""The order in which the points of a cloud are drawn, such that any drawn part looks like the whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from apsnet_core.colours.discs import Int32


def fair_order(count: int, piece: int) -> Int32:
    """A permutation of ``range(count)``: each piece, and the first count / 2^k numbers, are a fair sample.

    The order is random, but ascends between the ends of pieces and halvings: neighbours in a file are
    neighbours in space, and are read and drawn faster in their order.
    """
    order = np.arange(count, dtype=np.int32)
    np.random.default_rng(0).shuffle(order)
    halves = (count >> halvings for halvings in range(count.bit_length() + 1))
    for first, last in pairwise(sorted({*halves, *range(0, count, piece)})):
        order[first:last].sort()
    return order

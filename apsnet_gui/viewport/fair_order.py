"""In which order the points of a cloud are drawn: any part of it that is drawn alone looks like the whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from apsnet_core.colours.discs import Int32


def fair_order(count: int, piece: int) -> Int32:
    """The numbers below ``count`` such that each piece, and each first half of a half, is a fair sample.

    They are at random, but ascend between the places where pieces and halves end: neighbours in a file are
    neighbours in space, and one after another they are read and drawn faster.
    """
    order = np.arange(count, dtype=np.int32)
    np.random.default_rng(0).shuffle(order)
    halves = (count >> halvings for halvings in range(count.bit_length() + 1))
    for first, last in pairwise(sorted({*halves, *range(0, count, piece)})):
        order[first:last].sort()
    return order

"""Clouds for hypothesis: spread out, or on a small lattice with equal points and tied distances."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from torch import Tensor

# With whole numbers up to 3 every squared distance is exact in any order of summation.
LATTICE = st.integers(-3, 3).map(float)
SPREAD = st.floats(-100, 100, width=32).map(lambda x: round(x, 3))


@st.composite
def batches(
    draw: st.DrawFn, clouds: int | None = None, most: int = 40, elements: Any = None, least: int = 1
) -> Tensor:
    """A batch (B, N, 3) in double precision."""
    batch = clouds or draw(st.integers(1, 3))
    n = draw(st.integers(least, most))
    values = draw(st.sampled_from([LATTICE, SPREAD])) if elements is None else elements
    array = draw(st_numpy.arrays(np.float64, (batch, n, 3), elements=values))
    return torch.from_numpy(array)


@st.composite
def pairs(draw: st.DrawFn, most: int = 40) -> tuple[Tensor, Tensor]:
    """Two batches (B, N, 3) and (B, M, 3)."""
    a = draw(batches(most=most))
    return a, draw(batches(clouds=len(a), most=most))


def distinct(points: Tensor) -> int:
    """How many different points a cloud (N, 3) has."""
    return len(torch.unique(points, dim=0))

"""Every k-th point of a cloud."""

import numpy as np

from apsnet_core import Method


def choose(points: np.ndarray, m: int, seed: int) -> np.ndarray:
    """Rows (m,) of points (n, 3), evenly spread over their order in the file."""
    return np.arange(m) * (len(points) // m)


STRIDE = Method(
    name="stride",
    label="Every k-th",
    about="Points evenly spread over their order in the file.",
    colour="#f0e442",
    choose=choose,
    seeded=False,
)

"""Nearest neighbours with SciPy's k-d tree."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree


def nearest(
    points: np.ndarray, queries: np.ndarray, k: int = 1
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Distances and rows of the nearest ``points`` for each query: (queries,), or (queries, k) if k > 1."""
    distance, index = KDTree(points).query(queries, k=k)
    return np.asarray(distance), np.asarray(index)

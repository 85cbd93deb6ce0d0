"""Near-identical shapes: the same surface sampled twice, as ModelNet holds it under two names.

Two random samplings of one surface differ by the same noise as one sampling differs from itself: the
Chamfer distance between the two, over the mean squared distance of a point to its nearest neighbour in
its own cloud, summed over both, is 1 on average, whatever the scale, the area and the number of points.
Shapes of one class below ``TWIN_RATIO`` are twins. Which pairs are worth that look is decided by their
moments up to degree 4, whose sampling noise is known too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float32, Int64
from apsnet_core.datasets.dataset import Split

TWIN_RATIO = 1.2
"""On ModelNet10 the ratio of a test shape to its nearest training shape has a first peak at 1.05 and most
of its mass above 3; at 1.2 it marks 80 of 906 test shapes."""

_MOMENTS_APART = 5.0
"""Mean squared difference of two shapes' moments in units of its sampling variance: 1 for twins; no pair
of ModelNet below ``TWIN_RATIO`` exceeds 2.5."""

_EXPONENTS = [(a, b, c) for a in range(5) for b in range(5 - a) for c in range(5 - a - b) if a + b + c > 1]


def twins(test: Split, train: Split) -> npt.NDArray[np.bool_]:
    """Which shapes of ``test`` (S,) bool have a near-identical one of their class in ``train``."""
    pairs = twin_pairs(
        np.concatenate([test.points, train.points]), np.concatenate([test.labels, train.labels])
    )
    across = pairs[(pairs[:, 0] < len(test)) & (pairs[:, 1] >= len(test))]
    found = np.zeros(len(test), dtype=np.bool_)
    found[across[:, 0]] = True
    return found


def twin_groups(pairs: Int64, count: int) -> Int64:
    """A number (count,) per shape, equal for shapes that a chain of twin ``pairs`` (k, 2) connects."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def twin_pairs(points: Float32, labels: Int64) -> Int64:
    """All near-identical pairs (k, 2) of clouds (S, N, 3) with the same label, smaller index first."""
    from scipy.spatial import KDTree

    candidates = _candidates(points, labels)
    trees = {int(i): KDTree(points[i]) for i in np.unique(candidates)}
    noise = {i: float(np.mean(tree.query(points[i], k=2)[0][:, 1] ** 2)) for i, tree in trees.items()}

    def near_identical(i: int, j: int) -> bool:
        there = np.mean(trees[i].query(points[j])[0] ** 2)
        back = np.mean(trees[j].query(points[i])[0] ** 2)
        return bool(there + back <= TWIN_RATIO * (noise[i] + noise[j]))

    found = [(i, j) for i, j in candidates.tolist() if near_identical(i, j)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _candidates(points: Float32, labels: Int64) -> Int64:
    mean, variance = _moments(points)
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        for row, i in enumerate(members[:-1]):
            others = members[row + 1 :]
            noise = variance[i] + variance[others] + 1e-12
            apart = ((mean[i] - mean[others]) ** 2 / noise).mean(axis=1)
            near = others[apart < _MOMENTS_APART]
            pairs.append(np.stack([np.full(len(near), i), near], axis=1))
    return np.concatenate(pairs)


def _moments(points: Float32) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The means (S, 31) of all monomials of degree 2 to 4, and the sampling variances of these means."""
    mean = np.empty((len(points), len(_EXPONENTS)))
    variance = np.empty_like(mean)
    for row, cloud in enumerate(points):
        powers = [np.ones_like(cloud), cloud, cloud**2, cloud**3, cloud**4]
        terms = np.stack([powers[a][:, 0] * powers[b][:, 1] * powers[c][:, 2] for a, b, c in _EXPONENTS])
        mean[row] = terms.mean(axis=1)
        variance[row] = terms.var(axis=1) / len(cloud)
    return mean, variance

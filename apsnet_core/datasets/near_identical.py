"""Find near-identical shapes: the same surface sampled twice, as ModelNet contains it under two names.

Two random samplings of one surface differ from each other by the same noise as within one sampling: the
Chamfer distance between the two, divided by the mean squared distances of the points to their nearest
neighbours in their own clouds, summed over both, is 1 on average, for any scale, area and number of points.
Shapes of one class with a ratio of up to ``TWIN_RATIO`` are twins. Only pairs with similar moments up to
degree 4, whose sampling noise is known too, are compared.
"""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float32, Float64, Int64
from apsnet_core.datasets.dataset import Split, Tell, silent
from apsnet_core.types import Mask

TWIN_RATIO = 1.2
"""The largest ratio of twins. On ModelNet10 the ratio of a test shape to its nearest training shape has a
first peak at 1.05 and most of its mass above 3; at 1.2, with 2048 points, 80 of 906 test shapes are twins."""

_MOMENTS_APART = 4.0
"""The largest mean squared difference of two shapes' moments, in units of its sampling variance. It is 1 for
twins, and no pair in ModelNet below ``TWIN_RATIO`` exceeds 2.5."""


def twins(test: Split, train: Split) -> Mask:
    """The mask (S,) of the shapes of ``test`` that have a near-identical one of their class in ``train``."""
    if test.groups is None or train.groups is None:
        raise ValueError("the splits must come from open_dataset, which searches for near-identical shapes")
    return np.isin(test.groups, train.groups)


def twin_groups(points: Float32, labels: Int64, tell: Tell = silent) -> Int64:
    """Group numbers (S,) of clouds (S, N, 3); a chain of near-identical pairs is one group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    i, j = twin_pairs(points, labels, tell).T
    links = coo_array((np.ones(len(i)), (i, j)), shape=(len(points), len(points)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def twin_pairs(points: Float32, labels: Int64, tell: Tell = silent) -> Int64:
    """All near-identical pairs (k, 2) of clouds (S, N, 3) with the same label, smaller index first."""
    tell(None, "near-identical shapes")
    mean, variance = _moments(points)
    found = [np.empty((0, 2), dtype=np.int64)]
    for label in np.unique(labels):  # one class at a time, because trees of all shapes would fill the memory
        tell(float(np.mean(labels < label)), "near-identical shapes")
        members = np.flatnonzero(labels == label)
        candidates = _alike(mean[members], variance[members])
        found.append(members[_near_identical(points[members], candidates)])
    return np.concatenate(found)


def _alike(mean: Float64, variance: Float64) -> Int64:
    """The pairs (k, 2) of rows whose moments (S, F) differ by little more than sampling noise."""
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for row in range(len(mean) - 1):
        noise = variance[row] + variance[row + 1 :] + 1e-12
        apart = ((mean[row] - mean[row + 1 :]) ** 2 / noise).mean(axis=1)
        near = row + 1 + np.flatnonzero(apart < _MOMENTS_APART)
        pairs.append(np.stack([np.full(len(near), row), near], axis=1))
    return np.concatenate(pairs)


def _near_identical(points: Float32, candidates: Int64) -> Int64:
    """The pairs among the ``candidates`` (k, 2) of clouds (S, N, 3) whose ratio is up to `TWIN_RATIO`."""
    from scipy.spatial import KDTree

    trees = {int(i): KDTree(points[i]) for i in np.unique(candidates)}
    noise = {i: float(np.mean(tree.query(points[i], k=[2])[0] ** 2)) for i, tree in trees.items()}

    def distance(i: int, j: int, step: int = 1) -> float:
        return float(np.mean(trees[i].query(points[j, ::step])[0] ** 2))

    def near(i: int, j: int) -> bool:
        if distance(i, j, step=8) > 1.5 * TWIN_RATIO * noise[i]:  # this fast test rejects most candidates
            return False
        return distance(i, j) + distance(j, i) <= TWIN_RATIO * (noise[i] + noise[j])

    found = [(i, j) for i, j in candidates.tolist() if near(i, j)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _moments(points: Float32) -> tuple[Float64, Float64]:
    """The means (S, 31) of the monomials x^a y^b z^c of degree 2 to 4, and their sampling variances.

    Each cloud takes two matrix products: the products of powers of x and y times the powers of z, and the
    same with their squares.
    """
    a, b = np.array([(a, b) for a in range(5) for b in range(5 - a)]).T
    degree = (a + b)[:, None] + np.arange(5)
    kept = (degree >= 2) & (degree <= 4)
    mean = np.empty((len(points), kept.sum()))
    variance = np.empty_like(mean)
    for row, cloud in enumerate(points):
        x, y, z = (coordinate ** np.arange(5)[:, None] for coordinate in cloud.T)
        xy = x[a] * y[b]
        mean[row] = (xy @ z.T)[kept] / len(cloud)
        variance[row] = ((xy * xy) @ (z * z).T)[kept] / len(cloud)
    return mean, (variance - mean**2).clip(0) / points.shape[1]

"""Near-identical shapes by comparing all pairs of a class, with full distance matrices or k-d trees."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from apsnet_core.datasets.near_identical import TWIN_RATIO


def twin_pairs(points: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> set[tuple[int, int]]:
    clouds = points.astype(np.float64)
    noise = []
    for cloud in clouds:
        squared = cdist(cloud, cloud, "sqeuclidean")
        np.fill_diagonal(squared, np.inf)
        noise.append(squared.min(axis=1).mean())

    def chamfer(i: int, j: int) -> float:
        squared = cdist(clouds[i], clouds[j], "sqeuclidean")
        return float(squared.min(axis=1).mean() + squared.min(axis=0).mean())

    return {
        (i, j)
        for i in range(len(points))
        for j in range(i + 1, len(points))
        if labels[i] == labels[j] and chamfer(i, j) <= TWIN_RATIO * (noise[i] + noise[j])
    }


def by_trees(points: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> set[tuple[int, int]]:
    """The same pairs with a SciPy k-d tree for each shape, the reference of the benchmark."""
    trees = [KDTree(cloud) for cloud in points]
    noise = [np.square(np.asarray(tree.query(tree.data, k=2)[0])[:, 1]).mean() for tree in trees]

    def chamfer(i: int, j: int) -> float:
        there, back = trees[j].query(trees[i].data)[0], trees[i].query(trees[j].data)[0]
        return float(np.square(there).mean() + np.square(back).mean())

    return {
        (i, j)
        for i in range(len(points))
        for j in range(i + 1, len(points))
        if labels[i] == labels[j] and chamfer(i, j) <= TWIN_RATIO * (noise[i] + noise[j])
    }

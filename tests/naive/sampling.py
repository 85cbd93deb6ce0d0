"""The classical methods in a few plain lines, with Open3D's normals and numpy's random numbers."""

from __future__ import annotations

import numpy as np
import torch

from apsnet_core.cloud import Float32, Float64, Int64, PointCloud
from apsnet_core.methods.learned import open_network
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.view import view_of
from apsnet_core.weights.listing import find
from tests.naive import apsnet
from tests.narrow import of_kind

NEIGHBOURS = 16


def curvature(points: Float32, m: int, seed: int) -> Int64:
    """Rows (m,) drawn by surface variation, the smallest eigenvalue of a neighbourhood over their sum."""
    import open3d

    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points.astype(np.float64)))
    cloud.estimate_covariances(open3d.geometry.KDTreeSearchParamKNN(NEIGHBOURS))
    spread = np.linalg.eigvalsh(np.asarray(cloud.covariances)).clip(0)
    variation = spread[:, 0] / spread.sum(axis=1)
    return weighted(variation + 0.1 * variation.mean(), m, seed)


def normal_space(points: Float32, m: int, seed: int) -> Int64:
    """Rows (m,) chosen by normal direction: in turn, the last point from the list of each direction."""
    import open3d

    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points.astype(np.float64)))
    cloud.estimate_normals(open3d.geometry.KDTreeSearchParamKNN(NEIGHBOURS))
    cells = np.abs(np.round(3 * np.asarray(cloud.normals))).astype(np.int64) @ [1, 8, 64]
    lists: dict[int, list[int]] = {}
    for row in np.random.default_rng(seed).permutation(len(points)).tolist():
        lists.setdefault(int(cells[row]), []).append(row)
    chosen: list[int] = []
    while len(chosen) < m:
        chosen += [some.pop() for some in lists.values() if some]
    return np.array(chosen[:m])


def weighted(weights: Float64, m: int, seed: int) -> Int64:
    """Rows (m,) drawn by weight and without replacement with numpy."""
    rng = np.random.default_rng(seed)
    return rng.choice(len(weights), m, replace=False, p=weights / weights.sum()).astype(np.int64)


def attended(points: Float32, m: int, steps: int) -> Int64:
    """The m rows with the most attention, summed over ``steps`` steps of the plain loop on all points."""
    network, metadata = open_network(find("apsnet", "classification").path)
    view = view_of(PointCloud(points), metadata.normalisation, metadata.up, metadata.up)
    seen = torch.from_numpy(np.ascontiguousarray(view.apply(points)))[None]
    with torch.no_grad():
        _, _, attention = apsnet.rollout(of_kind(APSNet, network), seen, steps)
    return attention[0].sum(dim=0).argsort(descending=True)[:m].numpy()

"""The time of the operations against libraries and plain torch code, on one thread and on all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from scipy.spatial import KDTree
from torch import Tensor

from apsnet_core import ops
from apsnet_core.cloud import Float32
from apsnet_core.ops.search_cpu import KERNELS
from apsnet_core.ops.threads import at_most
from apsnet_core.ops.voxel import voxel_sample
from tests.bench import peak
from tests.bench.ratio import Ratio, medians
from tests.naive import distances as naive_distances
from tests.naive import farthest_point as naive_farthest_point
from tests.naive import matching as naive_matching


def measure() -> Iterator[Ratio]:
    KERNELS.prepare()
    for threads in sorted({1, torch.get_num_threads()}):
        with at_most(threads):
            for each in (*_farthest_point(), *_matching(), *_distances()):
                yield replace(each, threads=threads)
    held = peak.of(__name__, "nearest")
    yield Ratio("nearest, 1M to 512, the process's peak", held, 1000, bound=1, note="1 GB", unit="MB")
    yield from _voxel()


def _farthest_point() -> Iterator[Ratio]:
    import open3d

    sphere = torch.nn.functional.normalize(torch.randn(100_000, 3, generator=_seed()), dim=-1)
    peer = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(sphere.double().numpy()))
    ours, theirs = medians(
        lambda: ops.farthest_point_sample(sphere[None], 1024),
        lambda: peer.farthest_point_down_sample(1024),
        rounds=3,
    )
    yield Ratio("farthest point, 100k to 1024", ours, theirs, bound=2, note="Open3D")

    clouds = torch.rand(32, 1024, 3, generator=_seed())
    ours, theirs = medians(
        lambda: ops.farthest_point_sample(clouds, 512),
        lambda: naive_farthest_point.in_planes(clouds, 512),
        rounds=3,
    )
    yield Ratio("farthest point, 32 of 1024 to 512", ours, theirs, bound=3, note="torch, all clouds at once")


def _matching() -> Iterator[Ratio]:
    points = torch.rand(32, 1024, 3, generator=_seed())
    noise = 0.05 * torch.randn(32, 512, 3, generator=_seed())
    for name, generated in [("spread", points[:, :512] + noise), ("collapsed", 0.001 * noise)]:
        ours, theirs = medians(
            partial(ops.match, generated, points),
            partial(naive_matching.by_cdist, generated, points),
            rounds=3,
        )
        label = f"matching, {name}, B = 32, m = 512, n = 1024"
        yield Ratio(label, ours, theirs, bound=3, note="torch.cdist, all clouds at once")


def _distances() -> Iterator[Ratio]:
    points, samples = torch.rand(32, 1024, 3, generator=_seed()), torch.rand(32, 128, 3, generator=_seed())
    samples.requires_grad_()
    ours, theirs = medians(
        lambda: ops.chamfer_distance(samples, points).sum().backward(),
        lambda: naive_distances.chamfer_by_cdist(samples, points).sum().backward(),
    )
    yield Ratio("chamfer and its gradient, B = 32, 128 to 1024", ours, theirs, bound=2, note="torch.cdist")

    many, few = _million()
    ours, theirs = medians(
        lambda: ops.nearest(many, few),
        lambda: KDTree(few[0].numpy()).query(many[0].numpy(), workers=torch.get_num_threads()),
        rounds=3,
    )
    yield Ratio("nearest, 1M to 512", ours, theirs, bound=1, note="SciPy's k-d tree")


def _million() -> tuple[Tensor, Tensor]:
    return torch.rand(1, 1_000_000, 3, generator=_seed()), torch.rand(1, 512, 3, generator=_seed())


def _voxel() -> Iterator[Ratio]:
    import open3d

    points = _scan()
    peer = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points.astype(np.float64)))
    extent = float(np.ptp(points, axis=0).max())
    for parts in (2000, 400, 100, 20):
        size = extent / parts
        ours, theirs = medians(
            partial(voxel_sample, points, size),
            partial(peer.voxel_down_sample, size),
            rounds=3,
        )
        name = f"voxel, {len(points) / 1e6:.1f}M, extent / {parts}"
        yield Ratio(name, ours, theirs, bound=2, kind="at most", note="Open3D voxel_down_sample")


def _scan() -> Float32:
    """The airborne scan if there is one, otherwise a generated hilly ground with as many points."""
    path = Path(os.environ.get("APSNET_DATA", "")) / "scans" / "autzen_stadium.laz"
    if path.is_file():
        import laspy

        scan = laspy.read(path)
        xyz = np.stack([scan.x, scan.y, scan.z], axis=1)
        return np.asarray(xyz - xyz.mean(axis=0), np.float32)
    ground = np.random.default_rng(0).random((2_128_560, 3)).astype(np.float32) * [1500, 2000, 1]
    ground[:, 2] += 50 * np.sin(ground[:, 0] / 100) * np.cos(ground[:, 1] / 150)
    return ground.astype(np.float32)


def _seed() -> torch.Generator:
    return torch.Generator().manual_seed(0)


if __name__ == "__main__":  # in a separate process, to measure its peak memory
    ops.nearest(*_million())
    print(peak.held())

"""The time of sampling methods against Open3D's, and against plain code with Open3D, numpy and torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch

from apsnet_core.assets import asset
from apsnet_core.cloud import Float32, Int64, PointCloud, TriangleMesh
from apsnet_core.files import read
from apsnet_core.methods import curvature, normal_space, poisson_disk
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.methods.weighted import WeightedSampler
from apsnet_core.networks.apsnet_loop_compiled import KERNELS
from apsnet_core.ops.planes_cpu import KERNELS as PLANES
from apsnet_core.ops.threads import at_most
from tests.bench.ratio import Ratio, medians
from tests.naive import sampling as plain

POINTS, M = 100_000, 1024


def measure() -> Iterator[Ratio]:
    import open3d

    horse = read(asset("shapes") / "horse.obj")
    assert isinstance(horse, TriangleMesh)
    corners = open3d.utility.Vector3dVector(horse.vertices.astype(np.float64))
    mesh = open3d.geometry.TriangleMesh(corners, open3d.utility.Vector3iVector(horse.faces))
    surface = np.asarray(mesh.sample_points_uniformly(POINTS).points, np.float32)
    ours, theirs = medians(
        lambda: poisson_disk.choose_rows(surface, M, 0), lambda: mesh.sample_points_poisson_disk(M), rounds=3
    )
    threads = torch.get_num_threads()
    name = f"poisson disk, {M}"
    yield Ratio(name, ours, theirs, 1, threads=threads, note="Open3D, on the mesh")
    PLANES.prepare()
    ways: list[tuple[str, Callable[..., Int64], Callable[..., Int64]]] = [
        ("curvature", curvature.choose_rows, plain.curvature),
        ("normal space", normal_space.choose_rows, plain.normal_space),
    ]
    for label, choose, by_hand in ways:
        ours, theirs = medians(partial(choose, surface, M, 0), partial(by_hand, surface, M, 0), rounds=3)
        name = f"{label}, {POINTS // 1000}k to {M}"
        yield Ratio(name, ours, theirs, 1, threads=threads, note="Open3D's planes, numpy")
    yield _weighted(surface)
    KERNELS.prepare()
    for threads in sorted({1, torch.get_num_threads()}):
        with at_most(threads):
            yield _attended(surface[:1024], threads)


def _weighted(points: Float32) -> Ratio:
    values = np.random.default_rng(0).random(len(points)).astype(np.float32)
    cloud, sampler = PointCloud(points, attributes={"intensity": values}), WeightedSampler("intensity")
    ours, theirs = medians(
        lambda: sampler.sample(cloud, M), partial(plain.weighted, values.astype(np.float64), M, 0)
    )
    return Ratio(f"weighted, {POINTS // 1000}k to {M}", ours, theirs, 1, threads=1, note="numpy's choice")


def _attended(points: Float32, threads: int) -> Ratio:
    cloud, sampler = PointCloud(points), create(MethodSpec.parse("attended"), up="z")
    ours, theirs = medians(
        partial(sampler.sample, cloud, 32), partial(plain.attended, points, 32, 32), rounds=5, warm_up=2
    )
    return Ratio(f"most attended, {len(points)} to 32", ours, theirs, 1, threads=threads, note="step by step")

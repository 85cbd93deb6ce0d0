"""Distances, Chamfer, Hausdorff and coverage against SciPy and a plain reference implementation."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from scipy.spatial.distance import cdist, directed_hausdorff
from torch import Tensor

from apsnet_core import ops
from apsnet_core.ops import nearest_cpu, sample_distances
from apsnet_core.ops.distances import nearest_index
from apsnet_core.ops.nearest_cpu import nearest_index_cpu
from apsnet_core.ops.sample_distances import distances
from tests.core.ops.clouds import LATTICE, batches, pairs
from tests.naive import distances as naive
from tests.naive.trees import nearest

quick = settings(max_examples=60, deadline=None)


@quick
@given(pairs())
def test_squared_distances_equal_those_of_scipy(clouds: tuple[Tensor, Tensor]) -> None:
    a, b = clouds
    expected = np.stack([cdist(x, y, "sqeuclidean") for x, y in zip(a, b, strict=True)])
    np.testing.assert_allclose(ops.squared_distances(a, b), expected, atol=1e-8, rtol=1e-9)


def test_squared_distances_keep_their_digits_far_from_the_origin_and_are_never_negative() -> None:
    a = torch.rand(2, 200, 3, generator=torch.Generator().manual_seed(0)) + 1000.0
    found = ops.squared_distances(a, a)
    assert found.min() >= 0.0
    np.testing.assert_allclose(found, naive.squared_distances(a, a), atol=2e-6)


def test_autocast_leaves_distances_in_single_precision() -> None:
    random = torch.Generator().manual_seed(0)
    a, b = torch.rand(2, 50, 3, generator=random), torch.rand(2, 60, 3, generator=random)
    with torch.autocast("cpu", torch.bfloat16):
        squared, chamfer = ops.squared_distances(a, b), ops.chamfer_distance(a, b)
        of_halves = ops.squared_distances(a.bfloat16(), b.bfloat16())
    np.testing.assert_allclose(squared, naive.squared_distances(a.double(), b.double()), atol=1e-6)
    np.testing.assert_allclose(chamfer, naive.chamfer_distance(a.double(), b.double()), atol=1e-6)
    rounded = naive.squared_distances(a.bfloat16().double(), b.bfloat16().double())
    np.testing.assert_allclose(of_halves, rounded, atol=1e-6)


@quick
@given(pairs())
def test_nearest_is_the_nearest_of_a_kd_tree(clouds: tuple[Tensor, Tensor]) -> None:
    queries, points = clouds
    squared, index = ops.nearest(queries, points)
    for b in range(len(queries)):
        distance, _ = nearest(points[b].numpy(), queries[b].numpy())
        np.testing.assert_allclose(squared[b], distance**2, rtol=1e-9, atol=1e-12)
        reached = (queries[b] - points[b][index[b]]).square().sum(-1)
        np.testing.assert_array_equal(squared[b], reached)


@quick
@given(batches(elements=LATTICE), batches(clouds=1, elements=LATTICE))
def test_nearest_gives_a_tie_to_the_lowest_index(points: Tensor, queries: Tensor) -> None:
    queries = queries.expand(len(points), -1, -1)
    squared, index = ops.nearest(queries.float(), points.float())
    every = naive.squared_distances(queries, points)
    lowest = (every == every.amin(-1, keepdim=True)).to(torch.int8).argmax(-1)
    assert torch.equal(index, lowest)
    assert torch.equal(squared.double(), every.amin(-1))


@quick
@given(batches(elements=LATTICE), batches(clouds=1, elements=LATTICE))
def test_the_nearest_point_does_not_depend_on_the_block_size(points: Tensor, queries: Tensor) -> None:
    queries = queries.expand(len(points), -1, -1)
    whole = nearest_index(queries.float(), points.float())
    with patch.multiple(nearest_cpu, _BLOCK=3, _PAIRS=5):
        assert torch.equal(nearest_index(queries.float(), points.float()), whole)


@pytest.mark.parametrize("block", [1 << 19, 1000], ids=["whole", "in blocks"])
@pytest.mark.parametrize(("n", "m"), [(5000, 400), (7, 140_000), (140_000, 1), (1, 1)])
def test_nearest_is_right_across_the_borders_of_its_tiles(
    n: int, m: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest_cpu, "_BLOCK", block)
    random = torch.Generator().manual_seed(n)
    queries, points = torch.rand(3, n, 3, generator=random), torch.rand(3, m, 3, generator=random)
    _, index = ops.nearest(queries, points)
    for b in range(3):
        # If there is no second neighbour, the tree gives an infinite distance.
        distance, expected = nearest(points[b].double().numpy(), queries[b].double().numpy(), k=2)
        # Where two points are equally near in single precision, either may be returned.
        clear = distance[:, 1] - distance[:, 0] > 1e-6
        np.testing.assert_array_equal(index[b].numpy()[clear], expected[clear, 0])


def test_gradients_are_those_of_finite_differences() -> None:
    random = torch.Generator().manual_seed(1)
    a = torch.rand(2, 5, 3, generator=random, dtype=torch.float64, requires_grad=True)
    b = torch.rand(2, 7, 3, generator=random, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(ops.squared_distances, (a, b))
    assert torch.autograd.gradcheck(lambda x, y: ops.nearest(x, y)[0], (a, b))
    assert torch.autograd.gradcheck(ops.chamfer_distance, (a, b))
    assert torch.autograd.gradcheck(ops.hausdorff_distance, (a, b))


@quick
@given(pairs())
def test_chamfer_and_hausdorff_equal_those_of_scipy(clouds: tuple[Tensor, Tensor]) -> None:
    a, b = clouds
    for x, y, chamfer, hausdorff in zip(
        a.numpy(), b.numpy(), ops.chamfer_distance(a, b), ops.hausdorff_distance(a, b), strict=True
    ):
        there, back = nearest(y, x)[0], nearest(x, y)[0]
        assert float(chamfer) == pytest.approx((there**2).mean() + (back**2).mean(), rel=1e-9, abs=1e-12)
        expected = max(directed_hausdorff(x, y)[0], directed_hausdorff(y, x)[0])
        assert float(hausdorff) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@quick
@given(pairs())
def test_coverage_counts_the_points_near_a_sample(clouds: tuple[Tensor, Tensor]) -> None:
    points, samples = clouds
    for b in range(len(points)):
        x = points[b].numpy()
        radius = 0.05 * np.linalg.norm(np.ptp(x, axis=0))
        distance, _ = nearest(samples[b].numpy(), x)
        if np.abs(distance - radius).min() > 1e-9 or radius == 0.0:
            assert float(ops.coverage(points, samples)[b]) == pytest.approx((distance <= radius).mean())


def test_a_cloud_covers_itself() -> None:
    assert ops.coverage(torch.rand(1, 50, 3), torch.rand(1, 50, 3) + 9).item() == 0.0
    cloud = torch.rand(1, 50, 3)
    assert ops.coverage(cloud, cloud).item() == 1.0
    assert ops.coverage(torch.ones(1, 4, 3), torch.ones(1, 1, 3)).item() == 1.0


@pytest.mark.parametrize(
    ("a", "b"), [((2, 3, 3), (1, 3, 3)), ((3, 3), (3, 3)), ((1, 3, 2), (1, 3, 2)), ((1, 0, 3), (1, 3, 3))]
)
def test_shapes_that_do_not_fit_are_refused(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    for op in (ops.squared_distances, ops.nearest, ops.chamfer_distance, ops.hausdorff_distance):
        with pytest.raises(ValueError, match=r"needs batches|without points"):
            op(torch.zeros(a), torch.zeros(b))


def test_nearest_restores_the_number_of_threads() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        ops.nearest(torch.rand(1, 10, 3), torch.rand(1, 10, 3))
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_distances_of_a_report_equal_those_of_scipy() -> None:
    random = np.random.default_rng(0)
    cloud = (random.random((400, 3)) * [1, 2, 0.5] + 30).astype(np.float32)
    samples = cloud[::29] + np.float32(0.01)
    pairs = cdist(cloud.astype(np.float64), samples.astype(np.float64))
    near, far = pairs.min(axis=1), pairs.min(axis=0)
    diagonal = np.linalg.norm(np.ptp(cloud.astype(np.float64), axis=0))
    expected = (
        np.square(near).mean() + np.square(far).mean(),
        max(near.max(), far.max()),
        (near <= 0.05 * diagonal).mean(),
    )
    np.testing.assert_allclose(distances(cloud, samples), expected, rtol=1e-4)


def test_a_large_cloud_is_measured_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = np.random.default_rng(0).normal(size=(2003, 3)).astype(np.float32)
    whole = distances(cloud, cloud[:40])
    monkeypatch.setattr(sample_distances, "_BLOCK", 97)
    assert distances(cloud, cloud[:40]) == whole
    pairs_of = cdist(cloud.astype(np.float64), cloud[:40].astype(np.float64)).min(axis=1)
    assert whole[0] == pytest.approx(float((pairs_of**2).mean()), rel=1e-5)


def test_large_clouds_are_searched_by_a_tree_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = np.random.default_rng(0).normal(size=(20_000, 3)).astype(np.float32)
    samples = cloud[::5] + np.float32(0.01)
    (near, _), (far, _) = nearest(samples, cloud), nearest(cloud, samples)

    def few(queries: np.ndarray, points: np.ndarray) -> np.ndarray:
        assert queries.shape[1] * points.shape[1] < 1 << 26
        return nearest_index_cpu(queries, points)

    monkeypatch.setattr(sample_distances, "nearest_index_cpu", few)
    chamfer, hausdorff, _ = distances(cloud, samples)
    assert chamfer == pytest.approx(np.square(near).mean() + np.square(far).mean(), rel=1e-4)
    assert hausdorff == pytest.approx(max(near.max(), far.max()), rel=1e-4)

"""The classical samplers choose distinct rows of the cloud and give points in the cloud's own frame."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.sampling import Sampling
from tests.core.ops.clouds import LATTICE, SPREAD
from tests.naive.farthest_point import farthest_point_sample
from tests.naive.trees import nearest

CLASSICAL = [row.name for row in methods() if row.choose is not None]
every = pytest.mark.parametrize("method", CLASSICAL)


def run(method: str, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
    return create(MethodSpec.parse(method)).sample(cloud, m, seed)


def a_cloud(n: int = 500, seed: int = 0) -> PointCloud:
    xyz = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)
    return PointCloud(xyz, offset=np.array([637000.0, 851000.0, 400.0]))


@every
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_sample_is_m_distinct_rows_of_the_cloud(method: str, data: st.DataObject) -> None:
    shape = (data.draw(st.integers(1, 50)), 3)
    elements = data.draw(st.sampled_from([LATTICE, SPREAD]))
    xyz = data.draw(st_numpy.arrays(np.float64, shape, elements=elements)).astype(np.float32)
    cloud = PointCloud(xyz, offset=np.array([1e6, 2.0, 3.0]))
    m = data.draw(st.integers(1, len(cloud)))
    seed = data.draw(st.integers(0, 2**32 - 1))
    sampling = run(method, cloud, m, seed)
    assert sampling.points.dtype == np.float32
    assert sampling.indices is not None
    assert sampling.indices.dtype == np.int64
    assert len(np.unique(sampling.indices)) == m
    np.testing.assert_array_equal(sampling.points, cloud.xyz[sampling.indices])
    np.testing.assert_array_equal(sampling.absolute, cloud.absolute[sampling.indices])
    assert (sampling.method, sampling.m, sampling.seed) == (method, m, seed)
    assert sampling.seconds > 0


@every
def test_the_same_seed_gives_the_same_points_on_any_number_of_threads(method: str) -> None:
    cloud = a_cloud()
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(run(method, cloud, 32, 7).indices)
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(found[0], found[1])


@pytest.mark.parametrize("method", ["random", "farthest_point"])
def test_another_seed_gives_other_points(method: str) -> None:
    assert not np.array_equal(run(method, a_cloud(), 32, 1).points, run(method, a_cloud(), 32, 2).points)


@every
@pytest.mark.parametrize("n", [1, 5])
def test_all_points_can_be_taken(method: str, n: int) -> None:
    indices = run(method, a_cloud(n), n).indices
    assert indices is not None
    assert sorted(indices.tolist()) == list(range(n))


@every
def test_equal_points_are_taken_as_different_rows(method: str) -> None:
    indices = run(method, PointCloud(np.ones((6, 3), np.float32)), 4).indices
    assert indices is not None
    assert len(set(indices.tolist())) == 4


@every
@pytest.mark.parametrize(
    ("n", "m", "why"), [(5, 6, "at most all 5"), (5, 0, "at least 1"), (5, -2, "at least 1"), (0, 1, "empty")]
)
def test_sizes_outside_1_to_the_number_of_points_are_refused(method: str, n: int, m: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        run(method, PointCloud(np.zeros((n, 3), np.float32)), m)


def test_random_sampling_takes_every_row_equally_often() -> None:
    cloud = a_cloud(10)
    taken = np.concatenate([run("random", cloud, 3, seed).indices for seed in range(2000)])
    # Each row is expected 600 times, within four standard deviations.
    assert np.abs(np.bincount(taken, minlength=10) - 600).max() < 4 * np.sqrt(2000 * 0.3 * 0.7)


def test_farthest_point_sampling_equals_the_plain_reference() -> None:
    cloud = a_cloud()
    indices = run("farthest_point", cloud, 50, 3).indices
    assert indices is not None
    expected = farthest_point_sample(torch.from_numpy(cloud.xyz).double(), 50, int(indices[0]))
    assert indices.tolist() == expected.tolist()


def test_farthest_points_and_voxels_cover_the_cloud_better_than_random_points() -> None:
    cloud = a_cloud(5000)
    worst = {name: nearest(run(name, cloud, 64).points, cloud.xyz)[0].max() for name in CLASSICAL}
    assert worst["farthest_point"] < 0.8 * worst["random"]
    assert worst["voxel"] < 0.8 * worst["random"]

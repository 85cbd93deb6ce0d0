"""Farthest point sampling against a plain reference implementation: the same rows in the same order."""

from __future__ import annotations

import tracemalloc
from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from apsnet_core import ops
from apsnet_core.ops import farthest_point_cpu, farthest_point_few, farthest_point_large, search_cpu
from tests.core.ops.clouds import LATTICE, batches, distinct
from tests.naive import farthest_point as naive

quick = settings(max_examples=80, deadline=None)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Tensor, int, int]:
    points = draw(batches(elements=draw(st.sampled_from([LATTICE, None]))))
    n = points.shape[1]
    return points, draw(st.integers(1, n)), draw(st.integers(0, n - 1))


@pytest.mark.parametrize(
    ("large", "few"), [(1, 0), (1, 10**9), (10**9, 0)], ids=["by boxes", "step by step", "plain"]
)
@quick
@example(task=(torch.zeros(2, 10, 3), 6, 3))
@example(task=(torch.arange(30.0).fmod(4).reshape(1, 30, 1).expand(1, 30, 3), 30, 7))
@given(task=tasks())
def test_the_rows_are_the_twins(large: int, few: int, task: tuple[Tensor, int, int]) -> None:
    points, m, start = task
    with (
        patch.multiple(farthest_point_cpu, LARGE=large, FEW_PLAIN=few),
        patch.object(farthest_point_large, "_HALVINGS", 2),  # few boxes, so that equal points share a box
        patch.object(farthest_point_few, "_BLOCK", 3),
    ):
        rows = ops.farthest_point_sample(points, m, start)
    assert rows.dtype == torch.int64
    for cloud, found in zip(points, rows, strict=True):
        assert torch.equal(found, naive.farthest_point_sample(cloud, m, start))
        assert len(set(found.tolist())) == m
        assert distinct(cloud[found]) == min(m, distinct(cloud))


def test_a_large_cloud_gives_the_same_rows_by_boxes() -> None:
    random = torch.Generator().manual_seed(3)
    n, m = farthest_point_cpu.LARGE + 1000, 150
    sphere = torch.nn.functional.normalize(torch.randn(n, 3, generator=random), dim=-1)
    lattice = torch.randint(0, 30, (n, 3), generator=random).float()
    for cloud in (sphere, lattice):
        rows = ops.farthest_point_sample(cloud[None], m, 17)
        assert torch.equal(rows[0], naive.farthest_point_sample(cloud.double(), m, 17))


def test_a_scan_takes_no_more_than_three_copies_of_its_points() -> None:
    planes = torch.rand(3, 400_000, generator=torch.Generator().manual_seed(0)).numpy()
    tracemalloc.start()
    farthest_point_large.complete_large(planes, np.zeros(1, np.int64), 24)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3.2 * planes.nbytes


def test_sampling_few_points_of_a_scan_needs_less_memory_than_one_and_a_half_copies() -> None:
    if search_cpu.KERNELS.prepare() is None:
        pytest.skip(str(search_cpu.KERNELS.failure))
    points = np.random.default_rng(0).normal(size=(400_000, 3)).astype(np.float32)
    found = {}
    with patch.object(farthest_point_cpu, "BOXED", 0):
        for few in (0, 24):
            with patch.multiple(farthest_point_cpu, FEW=few, FEW_PLAIN=0):
                tracemalloc.start()
                found[few] = (
                    farthest_point_cpu.farthest_rows(points, 24, 7),
                    tracemalloc.get_traced_memory()[1],
                )
                tracemalloc.stop()
    np.testing.assert_array_equal(found[0][0], found[24][0])
    assert found[24][1] < 1.5 * points.nbytes < 3 * points.nbytes < found[0][1]


def test_few_steps_need_no_copy_of_the_points() -> None:
    points = np.random.default_rng(0).normal(size=(400_000, 3)).astype(np.float32)
    tracemalloc.start()
    found = farthest_point_few.complete_few(points, np.array([7]), 24)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.5 * points.nbytes
    with patch.object(farthest_point_cpu, "FEW_PLAIN", 0):
        np.testing.assert_array_equal(found, farthest_point_cpu.farthest_rows(points, 24, 7))


def test_the_start_is_one_index_an_index_for_each_cloud_or_random() -> None:
    points = torch.rand(4, 30, 3, generator=torch.Generator().manual_seed(0))
    assert ops.farthest_point_sample(points, 3, 5)[:, 0].tolist() == [5] * 4
    starts = torch.tensor([3, 0, 29, 7])
    rows = ops.farthest_point_sample(points, 8, starts)
    for cloud, start, found in zip(points, starts.tolist(), rows, strict=True):
        assert torch.equal(found, naive.farthest_point_sample(cloud, 8, start))
    drawn = [ops.farthest_point_sample(points, 8, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0][:, 0], drawn[2][:, 0])


@quick
@given(task=tasks(), data=st.data())
def test_a_selection_is_completed(task: tuple[Tensor, int, int], data: st.DataObject) -> None:
    points, m, _ = task
    n = points.shape[1]
    lists = [data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=m, unique=True)) for _ in points]
    chosen = torch.zeros(len(points), m, dtype=torch.long)
    for b, kept in enumerate(lists):
        chosen[b, : len(kept)] = torch.tensor(kept)
    count = torch.tensor([len(kept) for kept in lists])
    for large, few in ((1, 0), (1, 10**9), (10**9, 0)):
        with patch.multiple(farthest_point_cpu, LARGE=large, FEW_PLAIN=few):
            rows = ops.complete_selection(points, chosen, count, m)
        for cloud, kept, found in zip(points, lists, rows, strict=True):
            assert torch.equal(found, naive.complete_selection(cloud, kept, m))


def test_any_number_of_threads_gives_the_same_rows() -> None:
    points = torch.rand(2, 2000, 3, generator=torch.Generator().manual_seed(5))
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2, 4):
            torch.set_num_threads(threads)
            found.append(ops.farthest_point_sample(points, 64))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[2])


@pytest.mark.parametrize("m", [0, -1, 11])
def test_more_points_than_there_are_or_none_is_refused(m: int) -> None:
    with pytest.raises(ValueError, match=f"cannot take {m} of 10 points"):
        ops.farthest_point_sample(torch.rand(1, 10, 3), m)


@pytest.mark.parametrize("start", [-1, 10, torch.tensor([3, 12])])
def test_a_start_outside_the_cloud_is_refused(start: int | Tensor) -> None:
    with pytest.raises(ValueError, match=r"a row of the cloud, 0\.\.9"):
        ops.farthest_point_sample(torch.rand(2, 10, 3), 2, start)


def test_one_point_is_its_own_sample() -> None:
    assert ops.farthest_point_sample(torch.rand(1, 1, 3), 1).tolist() == [[0]]

"""The compiled searches on two threads against those in numpy: the same rows, also where distances tie."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from unittest.mock import patch

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from apsnet_core import ops
from apsnet_core.ops import farthest_point_cpu, nearest_cpu, search_cpu
from apsnet_core.ops.compiled import Kernels
from tests.core.ops.clouds import LATTICE, batches

quick = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def kernels() -> ModuleType:
    found = search_cpu.KERNELS.prepare()
    if found is None:
        pytest.skip(str(search_cpu.KERNELS.failure))
    return found


def both_ways(kernels: ModuleType, search: Callable[[], Tensor]) -> tuple[Tensor, Tensor]:
    """Return the results of ``search`` by the kernels, on two threads in small parts, and by numpy."""
    found, threads = [], torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        for way in (kernels, None):
            with (
                patch.object(search_cpu, "_PART", 64),
                patch.object(farthest_point_cpu, "search_kernels", lambda *_, way=way: way),
                patch.object(nearest_cpu, "search_kernels", lambda *_, way=way: way),
            ):
                found.append(search())
    finally:
        torch.set_num_threads(threads)
    return found[0], found[1]


@quick
@example(points=torch.zeros(2, 10, 3), share=0.5)
@example(points=torch.arange(600.0).fmod(4).reshape(1, 600, 1).expand(1, 600, 3), share=1.0)
@given(points=batches(elements=LATTICE), share=st.floats(0.01, 1))
def test_compiled_farthest_points_equal_those_of_numpy(
    kernels: ModuleType, points: Tensor, share: float
) -> None:
    points, m = points.float(), max(1, int(share * points.shape[1]))
    ours, theirs = both_ways(kernels, lambda: ops.farthest_point_sample(points, m))
    assert torch.equal(ours, theirs)


@quick
@given(batches(elements=LATTICE), batches(clouds=1, elements=LATTICE))
def test_compiled_nearest_points_equal_those_of_numpy(
    kernels: ModuleType, points: Tensor, queries: Tensor
) -> None:
    queries = queries.expand(len(points), -1, -1).float()
    ours, theirs = both_ways(kernels, lambda: ops.nearest(queries, points.float())[1])
    assert torch.equal(ours, theirs)


def test_compiled_searches_equal_numpy_for_larger_clouds_and_given_selections(kernels: ModuleType) -> None:
    random = torch.Generator().manual_seed(0)
    points = torch.rand(3, 900, 3, generator=random)
    points[1] = torch.randint(0, 4, (900, 3), generator=random).float()
    generated = points[:, :200] + 0.01 * torch.randn(3, 200, 3, generator=random)
    ours, theirs = both_ways(kernels, lambda: ops.match(generated, points))
    assert torch.equal(ours, theirs)
    ours, theirs = both_ways(kernels, lambda: ops.nearest(points, generated)[1])
    assert torch.equal(ours, theirs)


def test_kernels_are_loaded_only_after_enough_work(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Kernels("no.such.kernels", worth=100)
    loaded = ModuleType("loaded")
    monkeypatch.setattr(asked, "load", lambda: loaded)
    assert [asked.for_work(60) for _ in range(3)] == [None, loaded, loaded]

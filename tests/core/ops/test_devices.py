"""All implementations give the same rows: numpy and torch, and a GPU with and without its kernels."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
import torch
from torch import Tensor

from apsnet_core import losses, ops
from apsnet_core.ops import distances, farthest_point, farthest_point_cpu

DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


def clouds() -> list[Tensor]:
    random = torch.Generator().manual_seed(0)
    lattice = torch.randint(-3, 4, (4, 500, 3), generator=random).float()
    return [torch.rand(4, 777, 3, generator=random), lattice, torch.rand(1, 20_000, 3, generator=random)]


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("device", DEVICES)
def test_a_gpu_gives_the_rows_of_a_cpu(device: str, kernels: bool) -> None:
    for points in clouds():
        generated = points[:, :64] + 0.01
        there = points.to(device)
        with (
            patch.object(distances, "can_use_kernel", lambda tensor: kernels and tensor.is_cuda),
            patch.object(farthest_point, "can_use_kernel", lambda tensor: kernels and tensor.is_cuda),
        ):
            fps = ops.farthest_point_sample(there, 64, 5).cpu()
            matched = ops.match(generated.to(device), there).cpu()
            _, nearest = ops.nearest(there, generated.to(device))
        assert torch.equal(fps, ops.farthest_point_sample(points, 64, 5))
        assert torch.equal(matched, ops.match(generated, points))
        assert torch.equal(nearest.cpu(), ops.nearest(points, generated)[1])


def test_the_default_device_does_not_move_the_points() -> None:
    points, _, _ = clouds()
    alone = ops.farthest_point_sample(points, 8, 5), ops.match(points[:, :8] + 0.01, points)
    with torch.device("meta"):
        assert torch.equal(ops.farthest_point_sample(points, 8, 5), alone[0])
        assert torch.equal(ops.match(points[:, :8] + 0.01, points), alone[1])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_the_last_gpu_takes_more_clouds_than_an_axis_of_a_grid_holds() -> None:
    points = torch.rand(70_000, 5, 3, generator=torch.Generator().manual_seed(0))
    there = points.to(f"cuda:{torch.cuda.device_count() - 1}")
    assert torch.equal(ops.nearest(there[:, :2], there)[1].cpu(), torch.tensor([[0, 1]]).expand(70_000, 2))
    assert torch.equal(ops.match(there[:, 2:4], there).cpu(), torch.tensor([[2, 3]]).expand(70_000, 2))


STEPS: Callable[..., None] = farthest_point_cpu.complete_steps


def in_torch(_: Any, *given: Any) -> None:
    STEPS(torch, *(torch.from_numpy(x) if isinstance(x, np.ndarray) else x for x in given))


def test_the_steps_in_torch_equal_those_in_numpy() -> None:
    for points in clouds():
        expected = ops.match(points[:, :64] + 0.01, points)
        with patch.object(farthest_point_cpu, "complete_steps", in_torch):
            assert torch.equal(ops.match(points[:, :64] + 0.01, points), expected)


def test_pairs_in_torch_give_the_rows_of_the_search() -> None:
    for points in clouds():
        generated = points[:, :64] + 0.01
        assert torch.equal(distances.nearest_by_pairs(generated, points), ops.nearest(generated, points)[1])


@pytest.mark.parametrize("on_gpu", [False, True])
def test_autocast_changes_no_choice_and_no_distance(on_gpu: bool) -> None:
    """Check numpy and torch's operations, which a GPU uses too: in 16 bits other points would be chosen."""

    def chosen() -> list[Tensor]:
        return [
            ops.farthest_point_sample(points, 64, 5),
            ops.match(generated, points),
            *ops.nearest(points, generated),
            ops.chamfer_distance(generated, points),
            ops.hausdorff_distance(generated, points),
            losses.sampling_loss(generated, points),
        ]

    def by_pairs(queries: Any, points: Any) -> Any:
        return distances.nearest_by_pairs(torch.from_numpy(queries), torch.from_numpy(points)).numpy()

    points = clouds()[0]
    generated = points[:, :64] + 0.01
    expected = chosen()
    with ExitStack() as stack:
        if on_gpu:
            stack.enter_context(patch.object(distances, "nearest_index_cpu", by_pairs))
            stack.enter_context(patch.object(farthest_point_cpu, "complete_steps", in_torch))
        stack.enter_context(torch.autocast("cpu", torch.bfloat16))
        found = chosen()
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=0)

"""Matching of generated points to input points (Sec. 3) against a plain reference implementation."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from apsnet_core import ops
from tests.core.ops.clouds import LATTICE, batches, distinct
from tests.naive import matching as naive


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    elements = draw(st.sampled_from([LATTICE, None]))
    points = draw(batches(elements=elements))
    m = draw(st.integers(1, points.shape[1]))
    return draw(batches(clouds=len(points), elements=elements, least=m, most=m)), points


@settings(max_examples=100, deadline=None)
@given(tasks())
def test_the_rows_are_the_twins(task: tuple[Tensor, Tensor]) -> None:
    generated, points = task
    m = generated.shape[1]
    rows = ops.match(generated, points)
    assert torch.equal(rows, naive.match(generated, points))
    for cloud, found in zip(points, rows, strict=True):
        assert len(set(found.tolist())) == m
        assert distinct(cloud[found]) == min(m, distinct(cloud))


def test_kept_points_come_first_in_their_order_and_the_rest_is_spread_out() -> None:
    line = torch.arange(11.0)[:, None] * torch.tensor([1.0, 0.0, 0.0])
    generated = torch.tensor([[4.1, 0, 0], [3.9, 0, 0], [2.2, 0, 0], [4.0, 0, 0]])
    # 3.9 and 4.0 match 4 again and are dropped. 10 is farthest from 4 and 2; then 7, which is 3 away from
    # 4 and 10, is farther than 0, which is 2 away from 2.
    assert ops.match(generated[None], line[None]).tolist() == [[4, 2, 10, 7]]


def test_a_collapsed_generation_becomes_a_farthest_point_sample() -> None:
    points = torch.rand(3, 100, 3, generator=torch.Generator().manual_seed(0))
    generated = points[:, 42:43].expand(-1, 20, -1)
    assert torch.equal(ops.match(generated, points), ops.farthest_point_sample(points, 20, 42))


def test_points_that_were_generated_exactly_are_found() -> None:
    points = torch.rand(2, 100, 3, generator=torch.Generator().manual_seed(0))
    rows = torch.stack([torch.randperm(100, generator=torch.Generator().manual_seed(b))[:30] for b in (1, 2)])
    generated = points.gather(1, rows[..., None].expand(-1, -1, 3))
    assert torch.equal(ops.match(generated, points), rows)


def test_more_points_than_the_cloud_has_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot match 5 points to 4"):
        ops.match(torch.rand(1, 5, 3), torch.rand(1, 4, 3))

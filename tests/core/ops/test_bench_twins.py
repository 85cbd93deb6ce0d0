"""The references of the benchmark, written with torch's own operations, give the same results as ours."""

from __future__ import annotations

import torch

from apsnet_core import ops
from tests.naive import distances, farthest_point, matching


def test_the_references_of_the_benchmark_give_our_results() -> None:
    random = torch.Generator().manual_seed(0)
    points = torch.rand(3, 24, 3, generator=random)  # few enough for `torch.cdist` to subtract exactly
    spread = points[:, :15] + 0.05 * torch.randn(3, 15, 3, generator=random)
    for generated in (spread, 0.001 * spread, points):
        assert torch.equal(matching.by_cdist(generated, points), ops.match(generated, points))
    assert torch.equal(farthest_point.in_planes(points, 24), ops.farthest_point_sample(points, 24))
    torch.testing.assert_close(
        distances.chamfer_by_cdist(spread, points), ops.chamfer_distance(spread, points)
    )

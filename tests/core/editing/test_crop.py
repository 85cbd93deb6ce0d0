"""Crop boxes with any up axis against the half-spaces of their faces in float64."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.crop import Box, box_around, inside
from apsnet_core.ops.orientation import DIRECTIONS, up_vector

RNG = np.random.default_rng(0)
OFFSET = np.array([637000.0, 851000.0, 400.0])
CLOUD = PointCloud(RNG.uniform(-5, 5, (4000, 3)).astype(np.float32), offset=OFFSET)


@pytest.mark.parametrize("up", [*DIRECTIONS, "0.2,0.9,-0.3"])
@pytest.mark.parametrize("turn", [0.0, 30.0, -100.0])
def test_a_box_contains_the_points_between_all_pairs_of_faces(up: str, turn: float) -> None:
    box = Box((637001.0, 850999.5, 400.25), (5.0, 3.0, 4.0), turn, up)
    corners = box.corners
    # The edges from one corner to its three neighbours span the box for any order of its axes.
    edges = corners[[1, 3, 4]] - corners[0]
    np.testing.assert_allclose(edges @ edges.T, np.diag(np.square(box.size)), atol=1e-6)
    assert abs(edges[2] @ up_vector(up)) == pytest.approx(box.size[2])
    along = (CLOUD.absolute - corners[0]) @ edges.T / np.square(box.size)
    expected = ((along >= 0) & (along <= 1)).all(axis=1)
    assert 20 < expected.sum() < 4000
    np.testing.assert_array_equal(inside(CLOUD, box), expected)


@pytest.mark.parametrize("up", ["y", "z", "-x"])
def test_the_box_around_a_cloud_is_its_tight_bounding_box(up: str) -> None:
    box = box_around(CLOUD, up, 20.0)
    assert inside(CLOUD, box).all()
    smaller = Box(box.centre, (box.size[0] - 0.01, box.size[1], box.size[2]), 20.0, up)
    assert 1 <= (~inside(CLOUD, smaller)).sum() <= 20


@pytest.mark.parametrize("size", [(-1.0, 1.0, 1.0), (np.inf, 1.0, 1.0)])
def test_a_box_with_invalid_edges_is_refused(size: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="edges of 0 or more"):
        Box((0.0, 0.0, 0.0), size)

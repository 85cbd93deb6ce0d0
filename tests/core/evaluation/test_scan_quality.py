"""What a sampling keeps of a scan, by counting, and by what is known of points on a plane."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.scan_quality import scan_quality, unevenness
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from tests.core.editing.room import FLOOR, room


def test_points_at_random_are_as_uneven_as_theory_says() -> None:
    points = np.zeros((20_000, 3), np.float32)
    points[:, :2] = np.random.default_rng(0).random((20_000, 2))
    assert unevenness(points) == pytest.approx(((4 - np.pi) / np.pi) ** 0.5, rel=0.03)
    x, y = np.meshgrid(np.arange(30), np.arange(30))
    grid = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], axis=1).astype(np.float32)
    assert unevenness(grid) == 0.0 and unevenness(grid[:1]) == 0.0


def test_classes_and_planes_are_counted_before_and_after() -> None:
    cloud, truth = room().cloud, room().truth
    kinds = PointCloud(cloud.xyz, cloud.offset, attributes={"label": (truth + 3).astype(np.uint8)})
    sampling = create(MethodSpec.parse("random")).sample(kinds, 2000)
    found = scan_quality(kinds, sampling, "z")
    assert sampling.indices is not None and found.field == "label"
    for each in found.classes:
        assert each.before == pytest.approx((truth + 3 == int(each.name)).mean())
        assert each.after == pytest.approx((truth[sampling.indices] + 3 == int(each.name)).mean())
    floor = next(plane for plane in found.planes if plane.name == "floor")
    assert floor.before == pytest.approx((truth == FLOOR).mean(), abs=0.02)
    assert floor.after == pytest.approx(floor.before, abs=0.04)


def test_generated_samples_have_the_class_nearest_to_them() -> None:
    rng = np.random.default_rng(0)
    xyz = np.concatenate([rng.normal(size=(300, 3)), rng.normal(size=(300, 3)) + 30]).astype(np.float32)
    cloud = PointCloud(xyz, attributes={"label": np.repeat([0, 1], 300)})
    sampling = create(MethodSpec.parse("samplenet:g"), m=8).sample(cloud, 8)
    found = scan_quality(cloud, sampling, "z")
    near = np.linalg.norm(xyz[:, None] - sampling.points, axis=-1).argmin(axis=0)
    assert [each.after for each in found.classes] == [(near < 300).mean(), (near >= 300).mean()]

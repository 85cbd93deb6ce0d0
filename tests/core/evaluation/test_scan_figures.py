"""Every quality measure of a sampling of a scan, against SciPy and numpy in float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import directed_hausdorff

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.evaluation.scan_quality import scan_quality, unevenness
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.sampling import Sampling
from apsnet_core.types import Float64, Int64
from tests.narrow import present

FLOOR, WALL, BALL, NOTHING = 0, 1, 2, 3
COUNTS = (6000, 3000, 2500, 300)
OFFSET = np.array([636_000.0, 851_000.0, 118.0])


@dataclass(frozen=True, eq=False)
class Scan:
    """A floor of 8 by 5, a wall of 8 by 3 and a sphere, far from the origin; some points have no class."""

    absolute: Float64
    kind: Int64
    cloud: PointCloud


@pytest.fixture(scope="module")
def scan() -> Scan:
    rng = np.random.default_rng(3)
    floor, wall = rng.random((COUNTS[0], 3)) * (8, 5, 0), rng.random((COUNTS[1], 3)) * (8, 0, 3)
    away = rng.normal(size=(COUNTS[2], 3))
    ball = away / np.linalg.norm(away, axis=1, keepdims=True) * 0.6 + np.array([4, 2.5, 1.2])
    stray = rng.random((COUNTS[3], 3)) * (7.8, 4.6, 2.7) + np.array([0.1, 0.2, 0.2])
    xyz = np.concatenate([floor, wall, ball, stray])
    xyz[: COUNTS[0] + COUNTS[1]] += rng.normal(0, 0.002, (COUNTS[0] + COUNTS[1], 3))
    kind = np.repeat([FLOOR, WALL, BALL, NOTHING], COUNTS)
    told = np.where(kind == NOTHING, np.nan, kind + 2.0)
    cloud = PointCloud.from_array(xyz + OFFSET, attributes={"label": told})
    return Scan(cloud.absolute, kind, cloud)


@pytest.fixture(scope="module", params=["random", "voxel", "farthest_point", "samplenet:g"])
def found(request: pytest.FixtureRequest, scan: Scan) -> tuple[ComparisonRow, Sampling]:
    m = 32 if request.param == "samplenet:g" else 400
    [pair] = compare(scan.cloud, [MethodSpec.parse(request.param)], [m], up="z").pairs
    return pair


def test_distances_and_coverage_of_a_scan_equal_those_of_scipy(
    scan: Scan, found: tuple[ComparisonRow, Sampling]
) -> None:
    row, sampling = found
    samples = sampling.points.astype(np.float64) + scan.cloud.offset
    to_samples = np.asarray(cKDTree(samples).query(scan.absolute)[0])
    to_cloud = np.asarray(cKDTree(scan.absolute).query(samples)[0])
    diagonal = float(np.linalg.norm(np.ptp(scan.absolute, axis=0)))
    chamfer = float((to_samples**2).mean() + (to_cloud**2).mean())
    hausdorff = max(
        directed_hausdorff(scan.absolute, samples)[0], directed_hausdorff(samples, scan.absolute)[0]
    )
    assert row.chamfer == pytest.approx(chamfer, rel=1e-5)
    assert row.hausdorff == pytest.approx(hausdorff, rel=1e-5)
    assert row.coverage == pytest.approx((to_samples <= 0.05 * diagonal).mean(), abs=2 / len(scan.kind))
    assert row.chamfer_relative == pytest.approx(chamfer / diagonal**2, rel=1e-5)
    assert row.hausdorff_relative == pytest.approx(hausdorff / diagonal, rel=1e-5)


def test_unevenness_classes_and_planes_equal_independent_counts(
    scan: Scan, found: tuple[ComparisonRow, Sampling]
) -> None:
    row, sampling = found
    quality = present(row.quality)
    samples = sampling.points.astype(np.float64) + scan.cloud.offset
    nearest = np.sort(np.linalg.norm(samples[:, None] - samples, axis=-1), axis=1)[:, 1]
    assert quality.unevenness == pytest.approx(nearest.std() / nearest.mean(), rel=1e-3)

    rows = np.asarray(cKDTree(scan.absolute).query(samples)[1])
    if sampling.indices is not None:
        np.testing.assert_array_equal(scan.kind[rows], scan.kind[sampling.indices])
    assert [each.name for each in quality.classes] == ["2", "3", "4"]
    before = np.array([(scan.kind == kind).mean() for kind in (FLOOR, WALL, BALL)])
    after = np.array([(scan.kind[rows] == kind).mean() for kind in (FLOOR, WALL, BALL)])
    np.testing.assert_allclose([each.before for each in quality.classes], before, atol=1e-12)
    np.testing.assert_allclose([each.after for each in quality.classes], after, atol=1e-12)
    changes = np.append(after - before, before.sum() - after.sum())  # the last for points without a class
    assert quality.class_shift == pytest.approx(changes[changes > 0].sum(), abs=1e-12)

    planes = {each.name: each for each in quality.planes}
    assert set(planes) == {"floor", "wall"}
    for name, kind in (("floor", FLOOR), ("wall", WALL)):
        true = scan.absolute[scan.kind == kind]
        _, _, axes = np.linalg.svd(true - true.mean(axis=0), full_matrices=False)
        off = np.abs((scan.absolute - true.mean(axis=0)) @ axes[2])
        sampled = np.abs((samples - true.mean(axis=0)) @ axes[2])
        # A sensible tolerance is between three and ten standard deviations from the true plane.
        for share, away in ((planes[name].before, off), (planes[name].after, sampled)):
            assert (away < 0.006).mean() - 1e-9 <= share <= (away < 0.02).mean() + 1e-9


def test_equal_samples_and_a_single_sample_have_quality_measures() -> None:
    xyz = np.random.default_rng(0).random((500, 3)).astype(np.float32)
    cloud = PointCloud(xyz, attributes={"label": np.zeros(500, np.uint8)})
    rows = np.array([4, 4, 4, 7])
    twice = np.array([0.0, 0.0, 0.0, np.linalg.norm(xyz[4].astype(np.float64) - xyz[7])])
    assert unevenness(xyz[rows]) == pytest.approx(twice.std() / twice.mean())
    assert unevenness(xyz[[4, 4]]) == unevenness(xyz[[4]]) == 0.0
    one = scan_quality(cloud, Sampling(xyz[[4]], np.array([4]), "random", 1, 0, 0.0), "z")
    assert [each.after for each in one.classes] == [1.0] and one.class_shift == 0.0

"""Quality measures of a sampling of a scan against counts, and unevenness against its theoretical value."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.report import About, write_report
from apsnet_core.evaluation.in_parts import InParts
from apsnet_core.evaluation.scan_quality import class_field, scan_quality, unevenness
from apsnet_core.files import read, write
from apsnet_core.methods.creating import create
from apsnet_core.methods.local import sample_parts
from apsnet_core.methods.spec import MethodSpec
from tests.core.editing.room import FLOOR, room


def test_the_unevenness_of_random_points_has_its_theoretical_value() -> None:
    points = np.zeros((20_000, 3), np.float32)
    points[:, :2] = np.random.default_rng(0).random((20_000, 2))
    assert unevenness(points) == pytest.approx(((4 - np.pi) / np.pi) ** 0.5, rel=0.03)
    x, y = np.meshgrid(np.arange(30), np.arange(30))
    grid = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], axis=1).astype(np.float32)
    assert unevenness(grid) == 0.0 and unevenness(grid[:1]) == 0.0


def test_shares_of_classes_and_planes_before_and_after_sampling_are_counted() -> None:
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


def test_generated_samples_get_the_class_of_the_nearest_point() -> None:
    rng = np.random.default_rng(0)
    xyz = np.concatenate([rng.normal(size=(300, 3)), rng.normal(size=(300, 3)) + 30]).astype(np.float32)
    cloud = PointCloud(xyz, attributes={"label": np.repeat([0, 1], 300)})
    sampling = create(MethodSpec.parse("samplenet:g"), m=8).sample(cloud, 8)
    found = scan_quality(cloud, sampling, "z")
    near = np.linalg.norm(xyz[:, None] - sampling.points, axis=-1).argmin(axis=0)
    assert [each.after for each in found.classes] == [(near < 300).mean(), (near >= 300).mean()]


def test_a_comparison_of_a_scan_has_quality_measures_in_table_and_report(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    xyz = rng.random((4000, 3)).astype(np.float32) * [10, 10, 0.001]
    ground = rng.random(4000) < 0.75
    cloud = PointCloud(xyz.astype(np.float32), attributes={"classification": np.where(ground, 2, 6)})
    specs = [MethodSpec.parse(text) for text in ("random", "voxel")]
    found = compare(cloud, specs, [100], up="z")
    titles = [column.title for column in columns_of(found.rows)]
    assert titles[-3:] == ["Unevenness", "Class shift", "Plane shift"]
    for row, sampling in found.pairs:
        assert row.quality is not None and sampling.indices is not None
        after = ground[sampling.indices].mean()
        assert row.quality.class_shift == pytest.approx(abs(after - ground.mean()))
        assert row.as_dict()["class_shift"] == row.quality.class_shift
        shift = next(column for column in columns_of(found.rows) if column.title == "Class shift")
        assert any("Ground" in part or "ground" in part for part in shift.parts(row))
    write_report(found, tmp_path / "r", About("scan.laz", len(cloud), "apsnet compare", 0))
    page = (tmp_path / "r/index.html").read_text()
    assert "What is kept of the scan" in page and "52 for random points" in page
    units = json.loads((tmp_path / "r/table.json").read_text())["units"]
    assert units["unevenness"] == units["class_shift"] == "share"
    plain = compare(PointCloud(cloud.xyz), specs[:1], [100], up="z")
    assert plain.rows[0].quality is None and "class_shift" not in plain.rows[0].as_dict()
    assert "Unevenness" not in [column.title for column in columns_of(plain.rows)]
    write_report(plain, tmp_path / "p", About("scan.laz", len(cloud), "apsnet compare", 0))
    assert "What is kept" not in (tmp_path / "p/index.html").read_text()


def test_return_numbers_are_not_used_as_classes() -> None:
    returns = np.arange(200, dtype=np.uint8) % 3
    attributes = {"return_number": returns, "classification": returns + np.uint8(1)}
    xyz = np.random.default_rng(0).random((200, 3)).astype(np.float32)
    assert class_field(PointCloud(xyz, attributes=attributes)) == "classification"
    assert class_field(PointCloud(xyz, attributes={"return_number": returns})) is None


def test_a_comparison_by_parts_samples_each_part_and_reports_unlike_ones(tmp_path: Path) -> None:
    scan = room()
    cloud = PointCloud(scan.cloud.xyz, scan.cloud.offset)
    specs = [MethodSpec.parse(text) for text in ("random", "apsnet:m")]
    found = compare(cloud, specs, [160], up="z", by="tiles")
    for row, sampling in found.pairs:
        alone = sample_parts(cloud, 160, row.spec, by="tiles", up="z")
        np.testing.assert_array_equal(sampling.indices, alone.sampling.indices)
        assert row.as_dict()["parts"] == row.parts == alone.part.max() + 1
    random, learned = found.rows
    assert random.unlike is None and learned.unlike and sampling.checked is not None
    assert learned.as_dict()["parts_unlike_training"] == len(sampling.checked.unlike)
    assert any(
        note.startswith(f"{learned.label}, 160 points, in {learned.parts} parts: ") for note in found.notes
    )
    titles = [column.title for column in columns_of(found.rows)]
    assert titles[-2:] == ["Unevenness", "Plane shift"] and "class_shift" not in learned.as_dict()
    write_report(found, tmp_path / "r", About("scan.laz", len(cloud), "apsnet compare", 0))
    page = (tmp_path / "r/index.html").read_text()
    assert "are unlike all that" in page and "What is kept of the scan" in page
    assert "parts_unlike_training" in (tmp_path / "r/table.csv").read_text()


def test_samples_of_parts_are_saved_with_the_number_of_their_part(tmp_path: Path) -> None:
    cloud = room().cloud
    for method in ("apsnet:m", "apsnet:g", "random"):
        sampling = InParts(MethodSpec.parse(method), "tiles", up="z").sample(cloud, 150)
        assert sampling.parts is not None
        write(cloud, tmp_path / "samples.ply", sampling=sampling, force=True)
        saved = read(tmp_path / "samples.ply")
        assert isinstance(saved, PointCloud)
        near = np.linalg.norm(cloud.xyz[:, None] - sampling.points[:20], axis=-1).argmin(axis=0)
        part = saved.attributes["part"]
        np.testing.assert_array_equal(part[:20], sampling.parts[near])
        if sampling.checked is None:
            assert "unlike_training" not in saved.attributes
        else:
            unlike = np.isin(part, sampling.checked.unlike)
            np.testing.assert_array_equal(saved.attributes["unlike_training"] == 1, unlike)
            assert unlike.any()

"""Laser scans read in pieces on several threads give laspy's numbers and keep no row in memory twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from unittest.mock import patch

import laspy
import numpy as np
import pytest

from apsnet_core import files, shared_arrays
from apsnet_core.cloud import PointCloud
from apsnet_core.files.las import decoding, reading, writing
from apsnet_core.gathered import Gathered
from tests.core.test_shared_arrays import anonymous

COUNT = 50_000
RNG = np.random.default_rng(3)
FIELDS = {
    "intensity": RNG.integers(0, 2**16, COUNT),
    "return_number": RNG.integers(1, 8, COUNT),
    "classification": np.where(np.arange(COUNT) > COUNT - 5, 31, 0),  # not 0 only in the last piece
    "gps_time": np.sort(RNG.normal(size=COUNT)),
    "red": RNG.integers(0, 2**16, COUNT),
    "depth": RNG.normal(size=COUNT),
    "zero": np.zeros(COUNT),
    "ray": RNG.normal(size=(COUNT, 3)).astype(np.float32),
    "level": np.where(np.arange(COUNT) < COUNT - 5, 7.0, 7.5),  # stored as 0 except in the last piece
}


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = np.full(3, 0.01), np.array([637000.0, 851000.0, 500.0])
    header.add_extra_dims([laspy.ExtraBytesParams("depth", "f8"), laspy.ExtraBytesParams("zero", "u1")])
    header.add_extra_dim(laspy.ExtraBytesParams("ray", "3f4"))
    on_grid = {"scales": np.array([0.5]), "offsets": np.array([7.0])}
    header.add_extra_dim(laspy.ExtraBytesParams("level", "i2", **on_grid))
    las = laspy.LasData(header)
    las.x, las.y, las.z = RNG.normal(size=(3, COUNT)) * 100 + header.offsets[:, None]
    for name, values in FIELDS.items():
        las[name] = values
    folder = tmp_path_factory.mktemp("scan")
    las.write(folder / "a.las")
    las.write(folder / "a.laz")
    return folder / "a.las"


def test_a_scan_read_in_pieces_equals_that_of_laspy(scan: Path) -> None:
    told = laspy.read(scan)
    for suffix in ".las", ".laz":
        with (
            patch.object(decoding, "_CHUNK", 1001),
            patch.object(decoding, "_CHUNK_PACKED", 1001),
            patch.object(decoding, "_LARGE", 0),
        ):
            cloud = reading.read(scan.with_suffix(suffix))
        assert list(cloud.attributes) == [name for name in told.point_format.dimension_names
                                          if name in FIELDS and name != "red"]  # fmt: skip
        for name, values in cloud.attributes.items():
            np.testing.assert_array_equal(values, told[name])
            assert values.dtype == np.asarray(told[name]).dtype
        assert cloud.rgb is not None and not cloud.rgb[:, 1:].any()
        np.testing.assert_array_equal(cloud.rgb[:, 0], FIELDS["red"])
        np.testing.assert_array_equal(cloud.xyz, (told.xyz - cloud.offset).astype(np.float32))
        assert cloud.offset.any()


@pytest.mark.parametrize("suffix", [".las", ".laz"])
def test_a_scan_written_in_pieces_is_the_same(scan: Path, tmp_path: Path, suffix: str) -> None:
    cloud = reading.read(scan)
    with patch.object(writing, "_CHUNK", 1001), patch.object(writing, "_CHUNK_PACKED", 1001):
        files.write(cloud, tmp_path / f"b{suffix}")
    told, back = laspy.read(scan), laspy.read(tmp_path / f"b{suffix}")
    assert (back.header.scales == told.header.scales).all()
    assert (back.header.mins == told.header.mins).all() and (back.header.maxs == told.header.maxs).all()
    for name in ("X", "Y", "Z", *(name for name in FIELDS if name not in ("zero", "ray"))):
        np.testing.assert_array_equal(back[name], told[name])
    np.testing.assert_array_equal(np.stack([back[f"ray[{k}]"] for k in range(3)], axis=1), told["ray"])
    moved = cloud.xyz.copy()
    moved[-1] += np.float32(0.004)  # off the grid, in the last piece
    files.write(replace(cloud, xyz=moved), tmp_path / f"c{suffix}")
    off = laspy.read(tmp_path / f"c{suffix}").xyz - (moved.astype(np.float64) + cloud.offset)
    assert np.abs(off).max() < 1e-5


def test_a_header_with_another_box_moves_no_point(scan: Path, tmp_path: Path) -> None:
    right = reading.read(scan)
    for suffix, box in product((".las", ".laz"), (0.0, 1e17, np.nan, 1e300)):
        data = bytearray(scan.with_suffix(suffix).read_bytes())
        data[179:227] = np.full(6, box).tobytes()  # the header's largest and smallest x, y and z
        (tmp_path / f"a{suffix}").write_bytes(data)
        cloud = reading.read(tmp_path / f"a{suffix}")
        np.testing.assert_array_equal(cloud.xyz, right.xyz)
        np.testing.assert_array_equal(cloud.offset, right.offset)


@pytest.mark.skipif(not shared_arrays.are_possible(), reason="without shared memory pieces are joined")
def test_reading_keeps_no_row_in_memory_twice(scan: Path, tmp_path: Path) -> None:
    las = laspy.read(scan)
    las.points = las.points[np.tile(np.arange(COUNT), 20)]
    las.write(tmp_path / "a.las")
    reading.read(scan)
    before = anonymous()
    cloud = reading.read(tmp_path / "a.las")
    assert isinstance(cloud, PointCloud)
    size = sum(a.nbytes for a in (cloud.xyz, cloud.rgb, *cloud.attributes.values()) if a is not None)
    assert anonymous() - before < size / 4


@pytest.mark.parametrize("shared", [True, False])
def test_rows_that_were_never_put_are_zero(shared: bool) -> None:
    possible = shared_arrays.are_possible()
    with patch.object(shared_arrays, "are_possible", lambda: shared and possible):
        rows = Gathered(np.dtype(np.int32), 3)
    rows.put(4, np.arange(6, dtype=np.int32).reshape(2, 3))
    rows.put(1, np.ones((1, 3), np.int32))
    assert rows.finished(8)[:, 2].tolist() == [0, 1, 0, 0, 2, 5, 0, 0]


@pytest.mark.parametrize("name", ["classification", "intensity", "red", "bit_fields", "raw_classification"])
@pytest.mark.parametrize("type_", ["f2", "f4", "f8", "i8"])
def test_integers_of_any_type_are_stored_in_a_field(tmp_path: Path, name: str, type_: str) -> None:
    values = np.array([2, 5, 6], type_)
    # The point format with nir has colours, but a red field without green and blue is not a colour.
    more = {"nir": np.ones(3, np.uint16)} if name == "red" else {}
    cloud = PointCloud(np.eye(3, dtype=np.float32), attributes={name: values, **more})
    files.write(cloud, tmp_path / "a.las")
    told = laspy.read(tmp_path / "a.las")
    field = name if name in ("classification", "intensity") else f"{name}_2"
    np.testing.assert_array_equal(told[field], values)
    back = reading.read(tmp_path / "a.las")
    np.testing.assert_array_equal(back.attributes[field], values)
    assert back.rgb is None

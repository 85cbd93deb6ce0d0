"""Clouds and meshes written and read back in every format lose nothing that the format can store."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.columns import split
from apsnet_core.sampling import Sampling
from tests.core.files.clouds import assert_near, assert_same_fields, assert_same_points, clouds
from tests.core.files.corpus import whole_mesh
from tests.narrow import present

_FULL = (".ply", ".pcd", ".txt", ".csv", ".npz", ".h5")
_EACH = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def _there_and_back(cloud: PointCloud, suffix: str) -> PointCloud:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"cloud{suffix}")
        files.write(cloud, path)
        back = files.read(path)
    assert isinstance(back, PointCloud)
    return back


@pytest.mark.parametrize("suffix", _FULL)
@_EACH
@given(cloud=clouds())
def test_clouds_are_read_back_from_formats_that_store_everything(suffix: str, cloud: PointCloud) -> None:
    back = _there_and_back(cloud, suffix)
    assert_same_points(back, cloud)
    assert_same_fields(back, cloud)


@pytest.mark.parametrize("suffix", [".xyz", ".npy"])
@_EACH
@given(cloud=clouds())
def test_positions_are_read_back_from_formats_of_positions(suffix: str, cloud: PointCloud) -> None:
    back = _there_and_back(cloud, suffix)
    assert_same_points(back, cloud)
    assert not back.attributes


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@_EACH
@given(cloud=clouds())
def test_clouds_are_read_back_from_las_on_a_grid_finer_than_float32(suffix: str, cloud: PointCloud) -> None:
    back = _there_and_back(cloud, suffix)
    assert_near(back, cloud)
    if cloud.rgb is not None:  # LAS stores colours in 16 bits
        wide = cloud.rgb.astype(np.uint16) * (257 if cloud.rgb.dtype == np.uint8 else 1)
        assert back.rgb is not None and np.array_equal(back.rgb, wide)
    assert cloud.normals is None or np.array_equal(present(back.normals), cloud.normals)
    for name, values in cloud.attributes.items():
        for key, column in split({name: values}).items():
            # LAS cuts names after 31 bytes, and a field of only zeros cannot be told from an unused one.
            alike = [found for other, found in split(back.attributes).items() if other.startswith(key[:27])]
            assert not column.any() or any(np.array_equal(found, column) for found in alike), key


@pytest.mark.parametrize("suffix", [".las", ".laz"])
def test_las_keeps_its_grid_to_the_last_bit(tmp_path: Path, suffix: str) -> None:
    import laspy

    rng = np.random.default_rng(3)
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = np.array([0.001, 0.001, 0.0005]), np.array([600000.0, 5e6, -12.5])
    las = laspy.LasData(header)
    las.X, las.Y, las.Z = rng.integers(-3_000_000, 3_000_000, (3, 5000), dtype=np.int32)
    las.intensity = rng.integers(0, 65536, 5000)
    las.classification = rng.integers(0, 32, 5000)
    las.gps_time = rng.normal(size=5000) * 1e8
    las.red = rng.integers(0, 65536, 5000)
    las.write(tmp_path / f"a{suffix}")
    cloud = files.read(tmp_path / f"a{suffix}")
    assert isinstance(cloud, PointCloud)
    files.write(cloud, tmp_path / f"b{suffix}")
    back = laspy.read(tmp_path / f"b{suffix}")
    assert np.array_equal(back.header.scales, header.scales)
    assert np.array_equal(back.header.offsets, header.offsets)
    for name in las.point_format.dimension_names:
        assert np.array_equal(np.asarray(back[name]), np.asarray(las[name])), name
    # A cloud that has been moved off the grid must not be forced back onto it.
    moved = replace(cloud, xyz=(cloud.xyz / 3000).astype(np.float32), offset=np.zeros(3))
    files.write(moved, tmp_path / f"c{suffix}")
    again = files.read(tmp_path / f"c{suffix}")
    assert isinstance(again, PointCloud)
    assert np.abs(again.absolute - moved.absolute).max() < 1e-6


@pytest.mark.parametrize("suffix", [".las", ".laz", ".ply", ".pcd", ".npz", ".h5"])
@pytest.mark.parametrize(
    "crs",
    [
        'PROJCS["NAD83 / Oregon",UNIT["foot",0.3048]]',
        'GeoTIFF EPSG:2992 {"keys": [1, 1, 0, 1, 3072, 0, 1, 2992]}',
    ],
)
def test_the_coordinate_system_is_read_back(tmp_path: Path, suffix: str, crs: str) -> None:
    cloud = PointCloud(np.ones((2, 3), np.float32), crs=crs)
    files.write(cloud, tmp_path / f"a{suffix}")
    back = files.read(tmp_path / f"a{suffix}")
    assert isinstance(back, PointCloud) and back.crs == crs


@pytest.mark.parametrize("suffix", files.writable())
def test_the_file_of_a_sampling_states_how_it_was_made(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(5)
    cloud = PointCloud(
        rng.normal(size=(50, 3)).astype(np.float32),
        np.array([637000.0, 851000.0, 0.0]),
        attributes={"intensity": rng.integers(0, 999, 50).astype(np.uint16)},
    )
    indices = rng.permutation(50)[:7]
    sampling = Sampling(cloud.xyz[indices], indices, "farthest_point", 7, 42, 0.1, offset=cloud.offset)
    weight = rng.random(7).astype(np.float32)
    files.write(cloud, tmp_path / f"s{suffix}", sampling=sampling, attention=weight)
    back = files.read(tmp_path / f"s{suffix}")
    assert isinstance(back, PointCloud)
    assert np.abs(back.absolute - cloud.absolute[indices]).max() < 1e-6
    if suffix not in (".xyz", ".npy"):
        assert back.attributes["index"].tolist() == indices.tolist()
        assert back.attributes["order"].tolist() == list(range(7))
        assert back.attributes["intensity"].tolist() == cloud.attributes["intensity"][indices].tolist()
        assert np.array_equal(back.attributes["attention"].astype(np.float32), weight)
    if suffix not in (".npy", ".npz", ".h5"):  # these store it compressed or in a binary attribute
        data = (tmp_path / f"s{suffix}").read_bytes()
        assert b"farthest_point" in data and b"42" in data


def test_generated_points_have_no_index(tmp_path: Path) -> None:
    cloud = PointCloud(np.ones((5, 3), np.float32), attributes={"intensity": np.arange(5)})
    sampling = Sampling(np.zeros((2, 3), np.float32), None, "apsnet:g", 2, 0, 0.1)
    files.write(cloud, tmp_path / "g.ply", sampling=sampling)
    back = files.read(tmp_path / "g.ply")
    assert isinstance(back, PointCloud) and set(back.attributes) == {"order"}


@pytest.mark.parametrize("suffix", files.writable_meshes())
@pytest.mark.parametrize("far", [0.0, 500000.0])
def test_meshes_are_read_back_with_their_offset(tmp_path: Path, suffix: str, far: float) -> None:
    mesh = replace(whole_mesh(), offset=np.array([far, far, 0.0]))
    files.write(mesh, tmp_path / f"m{suffix}")
    back = files.read(tmp_path / f"m{suffix}")
    assert isinstance(back, TriangleMesh)
    corners = (back.vertices + back.offset)[back.faces]
    assert np.array_equal(corners, (mesh.vertices + mesh.offset)[mesh.faces])

"""The large data sets, in the folder that the variable APSNET_DATA names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import h5py
import laspy
import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh

pytestmark = pytest.mark.data


@pytest.fixture
def data() -> Iterator[Path]:
    yield Path(os.environ["APSNET_DATA"])


def _polygon_area(path: Path) -> float:
    """The total area of the faces by Newell's formula, parsed here without the reader."""
    vertices, total = [], 0.0
    for words in map(str.split, path.read_text().splitlines()):
        if words[:1] == ["v"]:
            vertices.append([float(word) for word in words[1:4]])
        elif words[:1] == ["f"]:
            corners = np.array([vertices[int(word.split("/")[0]) - 1] for word in words[1:]])
            around = corners - corners[0]
            total += float(np.linalg.norm(np.cross(around, np.roll(around, -1, axis=0)).sum(axis=0))) / 2
    return total


def test_all_real_meshes_are_read_with_the_area_of_their_polygons(data: Path) -> None:
    paths = sorted((data / "cc0_meshes").glob("*.obj"))
    assert len(paths) == 28
    for path in paths:
        mesh = files.read(path)
        assert isinstance(mesh, TriangleMesh)
        a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(np.float64) for k in range(3))
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
        # The area of bent or self-intersecting polygons (the staircase's) depends on the triangulation.
        most = 1.0001 if path.stem == "cartoon_biplane" else 1.03
        assert 0.9999 < area / _polygon_area(path) < most, path.name


def test_a_real_scan_is_read_and_written_without_any_change(data: Path, tmp_path: Path) -> None:
    path = data / "scans" / "autzen_stadium.laz"
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud) and len(cloud) == 2_128_560 and cloud.rgb is not None
    scan = laspy.read(path)
    assert np.abs(cloud.absolute - scan.xyz).max() < 0.0001
    files.write(cloud, tmp_path / "b.laz")
    back = laspy.read(tmp_path / "b.laz")
    for name in scan.point_format.dimension_names:
        assert np.array_equal(np.asarray(back[name]), np.asarray(scan[name])), name


def test_modelnet_opens_row_by_row(data: Path) -> None:
    path = data / "modelnet10_ply_hdf5_2048" / "ply_data_test0.h5"
    with h5py.File(path) as file:
        for row in (0, 1, 905):
            cloud = files.read(path, row=row)
            assert isinstance(cloud, PointCloud)
            assert np.array_equal(cloud.xyz, file["data"][row]) and cloud.label == file["label"][row, 0]

"""Where only 8 bits of a 16-bit colour fit, in files, other libraries and pictures, the upper 8 are used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import open3d
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.notebook import picture

XYZ = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
FACES = np.array([[0, 1, 2]])
RGB = np.array([[0xABCD, 0x12FF, 0x00FF], [0xFFFF, 0, 0x8000], [1, 0x0100, 0xFEDC]], np.uint16)
UPPER = [[0xAB, 0x12, 0x00], [0xFF, 0, 0x80], [0, 1, 0xFE]]


def test_an_off_file_has_the_upper_8_bits(tmp_path: Path) -> None:
    files.write(TriangleMesh(XYZ, FACES, rgb=RGB), tmp_path / "a.off")
    back = files.read(tmp_path / "a.off")
    assert back.rgb is not None and back.rgb.tolist() == UPPER


def test_packed_colours_of_a_pcd_file_are_the_upper_8_bits(tmp_path: Path) -> None:
    files.write(PointCloud(XYZ, rgb=RGB), tmp_path / "a.pcd")
    colours = np.asarray(open3d.io.read_point_cloud(tmp_path / "a.pcd").colors)
    assert np.rint(colours * 255).astype(int).tolist() == UPPER


@pytest.mark.parametrize("shape", [TriangleMesh(XYZ, FACES, rgb=RGB), PointCloud(XYZ, rgb=RGB)])
def test_objects_of_open3d_and_trimesh_have_the_upper_8_bits(shape: PointCloud | TriangleMesh) -> None:
    there, other = shape.to_open3d(), shape.to_trimesh()
    mesh = isinstance(shape, TriangleMesh)
    colours = np.asarray(there.vertex_colors if mesh else there.colors)
    assert np.rint(colours * 255).astype(int).tolist() == UPPER
    colours = np.asarray(other.visual.vertex_colors if mesh else other.colors)
    assert colours[:, :3].tolist() == UPPER


def test_a_picture_has_the_upper_8_bits() -> None:
    assert picture(XYZ, RGB) == picture(XYZ, np.array(UPPER, np.uint8)) != picture(XYZ)

"""Samples of a mesh surface are on the triangles, uniform in area, and the same for the same seed."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest

from apsnet_core.cloud import TriangleMesh
from apsnet_core.ops import sample_surface

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [3, 0, 5], [6, 0, 5], [3, 3, 5]], np.float32)


def mesh(faces: list[list[int]], vertices: np.ndarray = CORNERS) -> TriangleMesh:
    return TriangleMesh(vertices, np.array(faces, np.int64).reshape(-1, 3), offset=np.array([1e6, 0, 0]))


def test_points_lie_on_the_triangles_in_proportion_to_their_area() -> None:
    cloud = sample_surface(mesh([[0, 1, 2], [3, 4, 5]]), n=20_000, seed=1)
    small = cloud.xyz[cloud.xyz[:, 2] == 0.0]
    large = cloud.xyz[cloud.xyz[:, 2] == 5.0]
    assert len(small) + len(large) == 20_000
    # The areas are 1/2 and 9/2: a tenth of the points, within four standard deviations.
    assert abs(len(small) - 2000) < 4 * np.sqrt(20_000 * 0.09)
    assert (small[:, :2] >= 0).all()
    assert (small[:, :2].sum(axis=1) <= 1 + 1e-6).all()
    np.testing.assert_array_equal(cloud.offset, [1e6, 0, 0])


def test_points_are_uniform_inside_a_triangle() -> None:
    xyz = sample_surface(mesh([[0, 1, 2]]), n=40_000, seed=2).xyz[:, :2].astype(np.float64)
    np.testing.assert_allclose(xyz.mean(axis=0), [1 / 3, 1 / 3], atol=0.006)
    # Four congruent quarters of the triangle hold a quarter each.
    x, y = xyz.T
    quarters = [x > 0.5, y > 0.5, x + y < 0.5]
    for quarter in quarters:
        assert abs(quarter.mean() - 0.25) < 4 * np.sqrt(0.1875 / 40_000)


def test_faces_without_area_are_never_drawn() -> None:
    cloud = sample_surface(mesh([[3, 3, 4], [0, 1, 2], [5, 5, 5], [3, 4, 4]]), n=500)
    assert (cloud.xyz[:, 2] == 0).all()


def test_the_same_seed_gives_the_same_points_and_another_seed_others() -> None:
    one, same, other = (sample_surface(mesh([[0, 1, 2]]), n=10, seed=seed).xyz for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert not (one == other)[:, :2].any()


@pytest.mark.parametrize("faces", [[], [[0, 0, 1]], [[2, 2, 2], [1, 0, 1]]])
def test_a_mesh_without_area_is_refused(faces: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="no surface to draw points from"):
        sample_surface(mesh(faces))


def test_no_points_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot draw 0 points"):
        sample_surface(mesh([[0, 1, 2]]), n=0)


def test_surface_and_voxel_sampling_do_not_import_torch() -> None:
    code = "import sys, apsnet_core.ops.surface, apsnet_core.ops.voxel; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("rgb", [np.eye(3, dtype=np.uint8) * 255, np.eye(3, dtype=np.uint16) * 65535])
def test_samples_carry_colours_and_normals_as_the_triangle_blends_them(
    rgb: npt.NDArray[np.uint8] | npt.NDArray[np.uint16],
) -> None:
    corners, top = CORNERS[:3] * 4, int(rgb.max())
    normals = np.array([[0, 0, 2], [0, 0, 1], [0, 1, 1]], np.float32)
    whole = TriangleMesh(corners, np.array([[0, 1, 2]]), rgb=rgb, normals=normals, notes=("a note",))
    cloud = sample_surface(whole, n=200)
    # The barycentric coordinates are solved for, independently of the way the points were drawn.
    square = np.column_stack([corners, np.ones(3)]).astype(np.float64).T
    share = np.linalg.lstsq(square, np.column_stack([cloud.xyz, np.ones(200)]).T, rcond=None)[0].T
    assert cloud.rgb is not None and cloud.rgb.dtype == rgb.dtype
    assert np.abs(cloud.rgb - share * top).max() < 0.51 + 1e-4 * top
    blended = share @ normals
    blended /= np.linalg.norm(blended, axis=1, keepdims=True)
    assert cloud.normals is not None and np.allclose(cloud.normals, blended, atol=1e-5)
    assert cloud.notes == ("a note",)

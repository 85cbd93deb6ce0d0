"""A refined mesh against the mesh it was made from."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.cloud import Float64, Int64, TriangleMesh
from apsnet_core.ops.refine import refined

BOX = np.array([[x, y, z] for x in (0, 3) for y in (0, 1) for z in (0, 0.2)])
SIDES = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
BOX_FACES = np.concatenate([SIDES[:, [0, 1, 2]], SIDES[:, [0, 2, 3]]])


def corners(mesh: TriangleMesh) -> Float64:
    return mesh.absolute[mesh.faces]


def normals(mesh: TriangleMesh) -> Float64:
    """Normals of the triangles, whose lengths are twice the areas."""
    a, b, c = corners(mesh).transpose(1, 0, 2)
    return np.cross(b - a, c - a)


def sides(faces: Int64) -> list[tuple[int, int]]:
    """Directed edges of all triangles, from each corner to a neighbouring one."""
    return [(int(face[i]), int(face[i - 2])) for face in faces for i in range(3)]


@pytest.mark.parametrize("edge", [2.0, 0.5, 0.11])
def test_a_finer_box_is_the_same_closed_box(edge: float) -> None:
    box = TriangleMesh.from_array(BOX, BOX_FACES)
    fine = refined(box, edge, 100_000)
    assert np.linalg.norm(corners(fine) - np.roll(corners(fine), 1, axis=1), axis=2).max() <= edge
    np.testing.assert_array_equal(fine.vertices[: len(BOX)], box.vertices)
    each = sides(fine.faces)
    assert len(set(each)) == len(each)  # all triangles have the same orientation
    assert {(b, a) for a, b in each} == set(each)  # every edge has two triangles: the surface is closed
    for axis in range(3):  # the area that faces each of the six directions
        for sign in (1, -1):
            faced = [np.maximum(sign * normals(mesh)[:, axis], 0).sum() for mesh in (box, fine)]
            assert faced[0] == pytest.approx(faced[1], rel=1e-6)
    on_side = np.isclose(fine.absolute, BOX.min(0)) | np.isclose(fine.absolute, BOX.max(0))
    assert on_side.any(axis=1).all()


def test_refining_stops_at_the_largest_number_of_faces() -> None:
    box = TriangleMesh.from_array(BOX, BOX_FACES)
    fine = refined(box, 1e-6, 500)
    longest = np.linalg.norm(corners(fine) - np.roll(corners(fine), 1, axis=1), axis=2).max()
    assert 100 < len(fine.faces) <= 500 and longest < 1  # the longest edges were split first
    assert refined(box, 10.0, 500) is box and refined(box, 0.1, 12) is box
    with pytest.raises(ValueError, match="longer than 0"):
        refined(box, 0.0, 500)


def test_colours_and_normals_of_new_vertices_are_interpolated() -> None:
    rgb = np.array([[0, 0, 0], [100, 50, 201], [0, 0, 0]], np.uint8)
    up, along = [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]
    mesh = TriangleMesh(
        np.array([[0, 0, 0], [2, 0, 0], [0, 1, 0]], np.float32),
        np.array([[0, 1, 2]]),
        offset=np.array([1e6, 0, 0]),
        rgb=rgb,
        normals=np.array([up, along, up], np.float32),
    )
    fine = refined(mesh, 1.5, 100)
    new = {tuple(map(float, at)): i for i, at in enumerate(fine.vertices)}
    middle = new[1.0, 0.0, 0.0]
    assert fine.rgb is not None and fine.normals is not None
    assert fine.rgb[middle].tolist() == [50, 25, 100] and fine.rgb.dtype == np.uint8
    np.testing.assert_allclose(fine.normals[middle], [0.5**0.5, 0, 0.5**0.5], rtol=1e-6)
    assert fine.offset.tolist() == [1e6, 0, 0]

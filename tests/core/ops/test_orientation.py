"""The guess of a shape's up axis, and the rotation that turns this axis up."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from apsnet_core.assets import asset
from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
from apsnet_core.files import read
from apsnet_core.ops.local_plane import outward_normal
from apsnet_core.ops.orientation import (
    Direction,
    Up,
    clearly_up,
    guess_up,
    turn_up,
    up_text,
    up_turn,
    up_vector,
)
from tests.narrow import present


def chair() -> Float32:
    """A chair of a seat, a back and four legs, whose up axis is z."""
    rng = np.random.default_rng(0)
    seat = rng.random((600, 3)) * [1, 1, 0.05] + [0, 0, 0.5]
    back = rng.random((600, 3)) * [1, 0.05, 0.6] + [0, 0.95, 0.5]
    corners = np.array([[0, 0, 0], [0.95, 0, 0], [0, 0.95, 0], [0.95, 0.95, 0]])
    legs = [rng.random((100, 3)) * [0.05, 0.05, 0.5] + corner for corner in corners]
    return np.concatenate([seat, back, *legs]).astype(np.float32)


def table() -> Float32:
    points = chair()
    return points[points[:, 2] < 0.56]


def landscape() -> Float32:
    xyz = np.random.default_rng(0).random((2000, 3)) * [1000, 1000, 1]
    xyz[:, 2] += 5 * np.sin(xyz[:, 1] / 60)
    return xyz.astype(np.float32)


@pytest.mark.parametrize("shape", [chair, table, landscape])
def test_the_up_axis_of_upright_shapes_is_found(shape: object) -> None:
    standing = PointCloud(shape())  # type: ignore[operator]
    assert guess_up(standing) == "z"
    assert guess_up(turn_up(standing, "z", "y")) == "y"


@pytest.mark.parametrize(
    ("name", "up"),
    [("a.obj", "y"), ("A.OBJ", "y"), ("b.glb", "y"), ("c.gltf", "y"), ("d.las", "z"), ("e.laz", "z")],
)
def test_the_file_format_decides_the_up_axis(name: str, up: Up) -> None:
    lying: Up = "z" if up == "y" else "y"
    assert guess_up(turn_up(PointCloud(chair(), source=name), "z", lying)) == up


def test_the_up_axis_of_a_mesh_is_guessed_from_its_surface() -> None:
    roof = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0.5, 0.5, 1]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])
    mesh = TriangleMesh(roof, faces)
    assert guess_up(mesh) == "z"
    assert guess_up(turn_up(mesh, "z", "y")) == "y"


@pytest.mark.parametrize("wanted", ["y", "z"])
@pytest.mark.parametrize("now", ["x", "-x", "y", "-y", "z", "-z"])
def test_each_of_six_directions_can_be_turned_up(now: Direction, wanted: Up) -> None:
    axes = {"x": 0, "y": 1, "z": 2}
    pointing = np.zeros(3, np.float32)
    pointing[axes[now[-1]]] = -1 if now[0] == "-" else 1
    shape = PointCloud(np.stack([pointing, *np.eye(3, dtype=np.float32)]))
    turned = turn_up(shape, now, wanted).xyz
    np.testing.assert_array_equal(turned[0], np.eye(3)[axes[wanted]])
    assert np.linalg.det(turned[1:]) == 1  # a rotation, no mirror image


def test_a_ball_and_a_cube_have_no_clear_up_axis() -> None:
    points = np.random.default_rng(0).normal(size=(4000, 3)).astype(np.float32)
    for radius in (np.linalg.norm(points, axis=1), np.abs(points).max(1)):
        assert clearly_up(PointCloud(points / radius[:, None])) is None
    assert clearly_up(turn_up(PointCloud(chair()), "z", "y")) in ("y", None)


def test_turning_rotates_points_offset_normals_and_grid_by_a_quarter() -> None:
    rng = np.random.default_rng(0)
    cloud = PointCloud(
        rng.normal(size=(20, 3)).astype(np.float32),
        offset=np.array([1e6, 2e6, 3.0]),
        normals=rng.normal(size=(20, 3)).astype(np.float32),
        label="chair",
        grid=(np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 3.0])),
    )
    quarter = Rotation.from_euler("x", 90, degrees=True)
    turned = turn_up(cloud, "y", "z")
    np.testing.assert_allclose(turned.absolute, quarter.apply(cloud.absolute), atol=1e-6)
    assert turned.normals is not None
    normals = quarter.apply(present(cloud.normals).astype(np.float64))
    np.testing.assert_allclose(present(turned.normals), normals, atol=1e-6)
    assert turned.label == "chair"
    assert turned.grid is not None
    assert [part.tolist() for part in turned.grid] == [[0.1, 0.3, 0.2], [1.0, -3.0, 2.0]]
    back = turn_up(turned, "z", "y")
    np.testing.assert_array_equal(back.absolute, cloud.absolute)
    np.testing.assert_array_equal(back.normals, cloud.normals)
    assert turn_up(cloud, "z", "z") is cloud


@pytest.mark.parametrize("wanted", ["y", "z"])
def test_any_vector_is_turned_up_the_shortest_way(wanted: Up) -> None:
    target = up_vector(wanted)
    vectors = [*np.random.default_rng(0).normal(size=(20, 3)), -target + [1e-4, 0, 0], [1e-5, *-target[1:]]]
    for vector in vectors:
        unit = np.array(vector) / np.linalg.norm(vector)
        turn = up_turn(up_text(np.array(vector)), wanted)
        np.testing.assert_allclose(turn @ unit, target, atol=1e-5)  # the text has six digits
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-9)
        angle = np.arccos(np.clip(unit @ target, -1, 1))
        assert Rotation.from_matrix(turn).magnitude() == pytest.approx(angle, abs=1e-4)


@pytest.mark.parametrize("text", ["up", "", "1,2", "0,0,0", "nan,0,1", "inf,0,0", "+y", "1,2,3,4"])
def test_texts_that_name_no_direction_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="up is one of x, -x, y, -y, z, -z, or a vector like"):
        up_vector(text)


@pytest.mark.parametrize("name", sorted(file.stem for file in asset("shapes").glob("*.obj")))
def test_no_upright_bundled_shape_is_guessed_to_lie_down(name: str) -> None:
    assert clearly_up(read(asset("shapes", f"{name}.obj"))) in ("y", None)


def test_the_normal_at_a_point_is_that_of_its_face_and_points_outward() -> None:
    rng = np.random.default_rng(0)
    turn = Rotation.from_rotvec([0.3, 1.1, -0.7]).as_matrix()
    cube = rng.uniform(-1, 1, (12_000, 3))
    face, side = rng.integers(3, size=len(cube)), rng.choice([-1.0, 1.0], len(cube))
    cube[np.arange(len(cube)), face] = side
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
    faces = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6],
                      [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]])  # fmt: skip
    shapes = (
        PointCloud((cube @ turn.T).astype(np.float32)),
        TriangleMesh((corners @ turn.T).astype(np.float32), faces),
    )
    for axis in range(3):
        for sign in (-1.0, 1.0):
            at, normal = np.full(3, 0.2), np.zeros(3)
            at[axis] = normal[axis] = sign
            for shape in shapes:
                np.testing.assert_allclose(outward_normal(shape, turn @ at), turn @ normal, atol=1e-4)
    ball = PointCloud((cube / np.linalg.norm(cube, axis=1)[:, None]).astype(np.float32))
    np.testing.assert_allclose(outward_normal(ball, ball.xyz[7]), ball.xyz[7], atol=0.05)


@pytest.mark.parametrize("points", [[[1, 2, 3]], [[1, 2, 3]] * 60, [[t, 2 * t, 0] for t in range(60)]])
def test_points_that_define_no_plane_are_refused(points: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="do not define a plane"):
        outward_normal(PointCloud(np.array(points, np.float32)), points[0])

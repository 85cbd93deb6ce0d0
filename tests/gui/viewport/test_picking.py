"""Picking against a brute-force search over all points, and the memory that its index holds."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from apsnet_gui.viewport.camera import Camera, fit, standard_view
from apsnet_gui.viewport.picking import Pick, PickIndex
from apsnet_gui.viewport.projection import at_depth, project
from apsnet_gui.viewport.scene import Layer, MeshLayer, PointLayer, Scene, SphereLayer, bounds

SIZE = (400, 300)


def brute_force(scene: Scene, camera: Camera, x: float, y: float, reach: float = 6) -> tuple[str, int] | None:
    """The oracle: the point nearest to (x, y) within reach, at most 2 % of the distance behind the first."""
    layer = scene.layers[0]
    assert isinstance(layer, PointLayer)
    pixels, depth = project(camera, layer.xyz.astype(np.float64), SIZE)
    away = np.hypot(*(pixels - [x, y]).T)
    inside = ((pixels >= 0) & (pixels < SIZE)).all(axis=1)
    reachable = (away <= reach) & inside & ((depth > 0) | camera.orthographic)
    if not reachable.any():
        return None
    front = reachable & (depth <= depth[reachable].min() + 0.02 * camera.distance)
    return layer.key, int(np.flatnonzero(front)[np.argmin(away[front])])


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("nearness", [1.0, 6.0])
def test_a_pick_agrees_with_a_brute_force_search(orthographic: bool, nearness: float) -> None:
    rng = np.random.default_rng(3)
    scene = Scene(
        (PointLayer("p", rng.normal(size=(5000, 3)).astype(np.float32), np.zeros((5000, 3), np.uint8)),)
    )
    camera = fit(standard_view(Camera(orthographic=orthographic), "isometric", "z"), bounds(scene), SIZE)
    camera = replace(camera, distance=camera.distance / nearness)
    index = PickIndex(scene, camera, SIZE)
    found = 0
    for x, y in np.concatenate([rng.uniform((0, 0), SIZE, (300, 2)), [(0, 0), (399.9, 299.9), (0, 299)]]):
        pick = index.at(x, y)
        expected = brute_force(scene, camera, x, y)
        assert (None if pick is None else (pick.key, pick.index)) == expected
        found += pick is not None
    assert found > 20


@pytest.mark.parametrize(
    ("zoom", "point_size"), [(1.0, 3.0), (1.0, 23.0), (2e5, 3.0)], ids=["whole", "large points", "close"]
)
def test_a_large_cloud_is_picked_as_precisely_as_a_small_one(zoom: float, point_size: float) -> None:
    """The cloud has several blocks of points; float32 would shift them by pixels if the camera is close."""
    rng = np.random.default_rng(4)
    spread = rng.uniform(-500, 500, (70_000, 3))
    spread[::2] = spread[1] + rng.normal(scale=500 / zoom, size=(35_000, 3))
    xyz = spread.astype(np.float32)
    layer = PointLayer("p", xyz, np.zeros((len(xyz), 3), np.uint8))
    scene = Scene((layer,), point_size=point_size)
    camera = fit(standard_view(Camera(), "isometric", "z"), bounds(scene), SIZE)
    camera = replace(camera, target=tuple(xyz[1].tolist()), distance=camera.distance / zoom)
    index = PickIndex(scene, camera, SIZE)
    places = [*rng.uniform((-3, -3), (403, 303), (12, 2)), *rng.normal((200, 150), 20, (12, 2))]
    picks = [index.at(x, y) for x, y in places]
    expected = [brute_force(scene, camera, x, y, max(6, point_size)) for x, y in places]
    assert [None if pick is None else (pick.key, pick.index) for pick in picks] == expected
    assert sum(pick is not None for pick in picks) > 8


@pytest.mark.parametrize("orthographic", [False, True])
def test_a_point_with_a_size_in_units_is_picked_as_far_as_it_reaches(orthographic: bool) -> None:
    """The point is the camera's target; its reach ends at the size of the largest point that is drawn."""
    camera = Camera(distance=4, orthographic=orthographic)
    (middle,), _ = project(camera, np.zeros((1, 3)), SIZE)
    (beside,), _ = project(camera, np.array([[0.3, 0, 0]]), SIZE)
    cloud = PointLayer("p", np.zeros((1, 3), np.float32), np.zeros((1, 3), np.uint8))
    for size, away, found in ((0.3, 0.99, True), (0.3, 1.01, False), (None, 0.99, False)):
        index = PickIndex(Scene((replace(cloud, world_size=size),)), camera, SIZE)
        assert (index.at(*(middle + away * (beside - middle))) is not None) == found
    index = PickIndex(Scene((replace(cloud, world_size=1e9),)), camera, SIZE)
    assert index.at(middle[0] + 95, middle[1]) is not None and index.at(middle[0] + 97, middle[1]) is None


def buffers(root: object) -> Iterator[np.ndarray]:
    """All arrays that an object refers to, each buffer once."""
    met, todo = {id(root)}, [root]
    while todo:
        at = todo.pop()
        if isinstance(at, np.ndarray) and not isinstance(at.base, np.ndarray):
            yield at
        held = [at.base] if isinstance(at, np.ndarray) else gc.get_referents(at)
        for each in held:
            if id(each) not in met and not isinstance(each, type) and not callable(each):
                met.add(id(each))
                todo.append(each)


def test_a_pick_index_needs_at_most_a_third_of_the_memory_of_the_cloud() -> None:
    rng = np.random.default_rng(0)
    xyz = rng.normal(size=(1_000_000, 3)).astype(np.float32)
    layer = PointLayer("p", xyz, np.zeros((len(xyz), 3), np.uint8))
    scene = Scene((layer,))
    index = PickIndex(scene, fit(Camera(), bounds(scene), SIZE), SIZE)
    assert index.at(200, 150) is not None
    held = {id(array): array for array in buffers(index)}
    assert id(xyz) in held, "the search for arrays must find the cloud itself"
    extra = sum(array.nbytes for array in held.values()) - xyz.nbytes - layer.colors.nbytes
    assert extra < (xyz.nbytes + layer.colors.nbytes) / 3


def test_balls_are_hit_within_their_outline_and_hide_what_is_behind() -> None:
    cloud = PointLayer("p", np.array([[0, 0, 0], [0.5, 0, 0]], np.float32), np.zeros((2, 3), np.uint8))
    balls = SphereLayer("s", np.array([[0, 0, 0.5], [0, 0, -3]], np.float32), np.zeros((2, 3), np.uint8), 0.2)
    camera = Camera(distance=3.0)
    index = PickIndex(Scene((cloud, balls)), camera, SIZE)
    (at,), (depth,) = project(camera, balls.centers[:1], SIZE)
    radius = 0.2 * SIZE[1] / 2 / camera.half_height * camera.distance / depth
    assert index.at(*at) == Pick("s", 0, (0.0, 0.0, 0.5), (float(at[0]), float(at[1])))
    edge = index.at(at[0] + 0.95 * radius, at[1])
    assert edge is not None and edge.key == "s"
    (beside,), _ = project(camera, cloud.xyz[1:], SIZE)
    pick = index.at(*beside)
    assert pick is not None and (pick.key, pick.index) == ("p", 1)
    assert index.at(5, 5) is None


def test_hidden_layers_are_not_picked() -> None:
    cloud = PointLayer("p", np.zeros((1, 3), np.float32), np.zeros((1, 3), np.uint8), visible=False)
    assert PickIndex(Scene((cloud,)), Camera(), SIZE).at(200, 150) is None


def first_hit(mesh: MeshLayer, camera: Camera, x: float, y: float) -> np.ndarray | None:
    """The oracle: the first hit of a pixel's ray and a triangle (Möller and Trumbore), in float64."""
    near, far = (np.array(at_depth(camera, (x, y), depth, SIZE)) for depth in (1.0, 2.0))
    ray = far - near
    a, b, c = mesh.vertices.astype(float)[mesh.faces].transpose(1, 0, 2)
    across = np.cross(ray, c - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 / np.einsum("ij,ij->i", b - a, across)
        u = scale * np.einsum("ij,ij->i", near - a, across)
        turn = np.cross(near - a, b - a)
        v, t = scale * (turn @ ray), scale * np.einsum("ij,ij->i", c - a, turn)
    hits = t[(u >= 0) & (v >= 0) & (u + v <= 1)]
    return None if not len(hits) else near + hits.min() * ray


@pytest.mark.parametrize("orthographic", [False, True])
def test_a_surface_is_hit_where_the_ray_meets_it(orthographic: bool) -> None:
    rng = np.random.default_rng(5)
    corners = (rng.normal(size=(60, 1, 3)) + rng.normal(scale=1.2, size=(60, 3, 3))).reshape(-1, 3)
    mesh = MeshLayer("m", corners.astype(np.float32), np.arange(180).reshape(-1, 3), np.zeros(3, np.uint8))
    scene = Scene((mesh,))
    camera = fit(standard_view(Camera(orthographic=orthographic), "isometric", "z"), bounds(scene), SIZE)
    index = PickIndex(scene, camera, SIZE)
    found = 0
    for x, y in rng.uniform((100, 50), (300, 250), (200, 2)):
        pick, expected = index.at(x, y), first_hit(mesh, camera, x, y)
        assert (pick is None) == (expected is None)
        if pick is not None and expected is not None:
            np.testing.assert_allclose(np.array(pick.xyz), expected, atol=1e-4)
            assert pick.key == "m" and pick.on_surface and pick.pixel == (x, y)
            found += 1
    assert found > 15


def test_a_surface_hides_what_is_behind_it() -> None:
    square = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    mesh = MeshLayer("m", square, np.array([[0, 1, 2], [0, 2, 3]]), np.zeros(3, np.uint8))
    balls = [
        SphereLayer(f"s{z}", np.array([[0, 0, z]], np.float32), np.zeros((1, 3), np.uint8), 0.1)
        for z in (-0.5, 0.5)
    ]
    camera = Camera(distance=3.0)

    def under(*layers: Layer) -> str | None:
        pick = PickIndex(Scene(layers), camera, SIZE).at(SIZE[0] / 2, SIZE[1] / 2)
        return pick.key if pick else None

    assert under(mesh, *balls) == "s0.5"
    assert under(mesh, balls[0]) == "m"
    assert under(mesh, replace(balls[0], in_front=True)) == "s-0.5"

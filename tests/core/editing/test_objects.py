"""Segmentation of a simulated scan of a room: floor and walls are found, and each piece is an object."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.objects import Objects, Segmentation, object_at, split_objects
from apsnet_core.editing.planes import find_planes
from apsnet_core.files import read
from apsnet_core.ops.orientation import turn_up
from tests.core.editing.room import FLOOR, FURNITURE, WALL, overlap, room
from tests.narrow import of_kind


@pytest.fixture(scope="module")
def found() -> Objects:
    return split_objects(room().cloud, "z")


def test_every_piece_of_furniture_is_an_object(found: Objects) -> None:
    truth = room().truth
    best = []
    for number in range(len(FURNITURE)):
        rows = np.flatnonzero(truth == number)
        best.append(max(overlap(rows, found.rows(own)) for own in range(found.count)))
    assert found.count == len(FURNITURE)
    assert min(best) > 0.85 and np.mean(best) > 0.95, best


def test_floor_and_walls_are_found_and_little_else(found: Objects) -> None:
    truth = room().truth
    assert sorted(plane.kind for plane in found.planes) == ["floor", "wall", "wall"]
    assert found.support[truth == FLOOR].mean() > 0.99
    assert found.support[truth == WALL].mean() > 0.99
    assert found.support[truth >= 0].mean() < 0.03
    floor = next(plane for plane in found.planes if plane.kind == "floor")
    cloud = room().cloud
    level = floor.level + np.dot(floor.normal, cloud.offset)
    # The offset in x and y is thousands of metres, so a small tilt shifts the level.
    assert floor.normal[2] > 0.9999 and abs(level - 100.0 * floor.normal[2]) < 5
    assert abs(np.median(floor.above(cloud.xyz[truth == FLOOR]))) < 0.002


def test_a_click_chooses_the_object_at_that_point(found: Objects) -> None:
    cloud, truth = room().cloud, room().truth
    horse = [name for name, _, _ in FURNITURE].index("horse")
    top = cloud.xyz[truth == horse][cloud.xyz[truth == horse][:, 2].argmax()]
    assert overlap(np.flatnonzero(truth == horse), found.rows(object_at(cloud, top, found))) > 0.95
    with pytest.raises(ValueError, match="the floor, a wall"):
        object_at(cloud, cloud.xyz[np.flatnonzero((truth == FLOOR) & found.support)[0]], found)


def test_segmentation_works_with_any_up_axis(found: Objects) -> None:
    turned = turn_up(room().cloud, "z", "y")
    again = split_objects(turned, "y")
    assert again.count == found.count
    assert (again.labels == found.labels).mean() > 0.99


def test_a_cloud_of_one_object_is_one_object() -> None:
    truth = room().truth
    alone = room().cloud.take(np.flatnonzero(truth == 2))  # the sofa
    split = split_objects(alone, "z")
    # The flat back and sides of a sofa cannot be told from walls, nor its underside from a floor.
    assert split.count == 1 and (split.labels == 0).mean() > 0.7


def test_a_hill_is_ground_and_houses_on_it_are_objects() -> None:
    rng = np.random.default_rng(0)
    ground = rng.uniform(0, 100, (60_000, 2))
    height = 6 * np.sin(ground[:, 0] / 25) + 3 * np.cos(ground[:, 1] / 20)
    at = ((20.0, 20.0), (70.0, 30.0), (50.0, 75.0))
    houses = []
    for x, y in at:
        roof = rng.uniform(-4, 4, (1500, 2)) + np.array([x, y])
        houses.append(np.column_stack([roof, 6 * np.sin(roof[:, 0] / 25) + 3 * np.cos(roof[:, 1] / 20) + 6]))
        below = (np.abs(ground - np.array([x, y])) < 4).all(axis=1)
        ground, height = ground[~below], height[~below]
    land = np.column_stack([ground, height + rng.normal(0, 0.02, len(ground))])
    cloud = PointCloud.from_array(np.concatenate([land, *houses]))
    split = split_objects(cloud, "z")
    assert split.planes == () and split.count == 3
    assert split.support[: len(land)].mean() > 0.99
    for number in range(3):
        rows = np.arange(1500) + len(land) + 1500 * number
        assert max(overlap(rows, split.rows(own)) for own in range(3)) > 0.99


def test_houses_on_uneven_ground_are_objects() -> None:
    rng = np.random.default_rng(1)
    ground = rng.uniform(0, 1, (30_000, 3)) * (60, 40, 0)
    houses = []
    for x, y, wide, deep, high in ((6, 6, 8, 6, 5), (20, 8, 6, 10, 7), (36, 20, 10, 7, 4), (48, 4, 7, 9, 9)):
        wall = rng.uniform(0, 1, (6000, 3))
        wall[np.arange(6000), np.arange(6000) % 3] = np.where(np.arange(6000) % 6 < 3, 1, 0)
        houses.append((wall[wall[:, 2] > 0] * (wide, deep, high)) + (x, y, 0))
    points = np.concatenate([ground, *houses]) + rng.normal(0, 0.015, (30_000 + sum(map(len, houses)), 3))
    points[:, 2] += 0.4 * np.sin(points[:, 0] / 9) + 0.3 * np.cos(points[:, 1] / 7)
    assert np.ptp(points[:, 2]) > 0.2 * 40, "the street must be too high to count as terrain by its shape"
    split = split_objects(PointCloud.from_array(points), "z")
    assert split.count == len(houses) and split.support[:30_000].mean() > 0.95
    start = 30_000
    for house in houses:
        rows = np.arange(start, start := start + len(house))
        assert max(overlap(rows, split.rows(own)) for own in range(split.count)) > 0.85


def test_the_thickness_of_planes_follows_the_noise() -> None:
    noise = 0.02
    few, truth = room(noise=noise).cloud[::4], room(noise=noise).truth[::4]
    planes = [plane for plane in find_planes(few.xyz, "z") if plane.kind in ("floor", "wall")]
    assert sorted(plane.kind for plane in planes) == ["floor", "wall", "wall"]
    assert all(2 * noise < plane.thickness < 5 * noise for plane in planes)
    on = np.any([plane.contains(few.xyz) for plane in planes], axis=0)
    assert on[truth == FLOOR].mean() > 0.97 and on[truth == WALL].mean() > 0.97


def test_few_points_have_neither_planes_nor_objects() -> None:
    few = PointCloud(np.random.default_rng(0).random((5, 3)).astype(np.float32))
    assert find_planes(few.xyz) == [] and split_objects(few, "z").count == 0
    with pytest.raises(ValueError, match="thickness of a plane"):
        split_objects(room().cloud, "z", Segmentation(thickness=-1.0))


@pytest.mark.data
def test_a_real_scan_is_divided_into_ground_and_a_stadium() -> None:
    path = Path(os.environ.get("APSNET_DATA", "")) / "scans" / "autzen_stadium.laz"
    if not path.is_file():
        pytest.skip("there is no scan")
    scan = of_kind(PointCloud, read(path))
    split = split_objects(scan, "z")
    assert 0.5 < split.support.mean() < 0.85
    largest = np.ptp(scan.xyz[split.rows(0)], axis=0)
    assert 600 < largest[0] < 1000 and 600 < largest[1] < 1000 and largest[2] > 100

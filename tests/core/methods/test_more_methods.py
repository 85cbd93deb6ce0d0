"""Poisson disk, curvature and normal space sampling, checked by all distances and on known surfaces."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from apsnet_core.methods import curvature, normal_space, poisson_disk
from apsnet_core.methods.interface import GeneratingSampler
from apsnet_core.ops.weighted_rows import weighted_rows
from apsnet_core.types import Float32
from tests.core.clouds import some_cloud


def square(n: int = 6000, seed: int = 0) -> Float32:
    points = np.zeros((n, 3), np.float32)
    points[:, :2] = np.random.default_rng(seed).random((n, 2))
    return points


def least_distance(points: Float32) -> float:
    away = np.linalg.norm(points[:, None].astype(np.float64) - points, axis=-1)
    return float(away[~np.eye(len(points), dtype=np.bool_)].min())


@pytest.mark.parametrize("m", [20, 100, 400])
def test_poisson_disk_samples_keep_the_reported_distance_and_are_nearly_densest(m: int) -> None:
    points = square()
    rows, apart = poisson_disk.poisson_disk(points, m, seed=1)
    assert len(np.unique(rows)) == m
    found = least_distance(points[rows])
    assert found >= apart * (1 - 1e-6)
    hexagons = (2 / (3**0.5 * m)) ** 0.5  # hexagonal packing: no m points of the unit square are much farther
    assert 0.55 * hexagons < found < 1.3 * hexagons
    chance = np.random.default_rng(0).choice(len(points), m, replace=False)
    assert found > 4 * least_distance(points[chance])


def test_dart_throwing_equals_a_plain_loop() -> None:
    """There is one point per cell; in their order, each is taken that is not near one taken before."""
    points = np.random.default_rng(2).random((400, 3)).astype(np.float32)
    radius = 0.02
    from apsnet_core.editing.outliers import duplicates

    points = points[~duplicates(points, radius / 3**0.5)]
    taken: list[int] = []
    for row, point in enumerate(points.astype(np.float64)):
        if not taken or np.linalg.norm(points[taken] - point, axis=1).min() > radius:
            taken.append(row)
    assert 100 < len(taken) < len(points)
    assert np.flatnonzero(poisson_disk._thrown(points, radius)).tolist() == taken


def test_many_equal_points_do_not_slow_poisson_disk_sampling() -> None:
    points = np.concatenate([np.zeros((20_000, 3), np.float32), square(200)])
    assert len(np.unique(poisson_disk.choose_rows(points, 3000, 0))) == 3000


def box(n: int = 9000) -> tuple[Float32, Float32, np.ndarray]:
    """Points on a cube, nine in ten on its top, their normals, and a mask of the points near an edge."""
    rng = np.random.default_rng(0)
    points, face = rng.random((n, 3)), np.where(rng.random(n) < 0.9, 5, rng.integers(0, 6, n))
    axis, side = face % 3, face // 3
    points[np.arange(n), axis] = side
    normals = np.eye(3)[axis]
    near = np.sort(np.minimum(points, 1 - points), axis=1)[:, 1] < 0.03
    return points.astype(np.float32), normals.astype(np.float32), near


def test_each_direction_of_the_normals_gets_equally_many_points() -> None:
    points, normals, near = box()
    rows = normal_space.choose_rows(points, 600, 0)
    axis = normals.argmax(axis=1)
    inside = ~near
    share = np.bincount(axis[rows][inside[rows]], minlength=3) / inside[rows].sum()
    assert np.abs(share - 1 / 3).max() < 0.12
    drawn = np.bincount(axis[inside], minlength=3) / inside.sum()
    assert drawn[2] > 0.85


def test_opposite_normals_are_one_direction() -> None:
    normals = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    assert (normal_space.directions(normals) == normal_space.directions(-normals)).all()


@pytest.mark.parametrize("m", [1, 7, 20, 60])
def test_kinds_get_equally_many_samples_until_they_run_out(m: int) -> None:
    kinds = np.repeat([3, 1, 8], [40, 5, 15])
    counts = np.array([(kinds[normal_space.in_turn(kinds, m, 0)] == kind).sum() for kind in (3, 1, 8)])
    even = next(each for each in range(61) if np.minimum([40, 5, 15], each).sum() >= m)
    assert (counts <= np.minimum([40, 5, 15], even)).all() and counts.sum() == m
    assert (counts >= np.minimum([40, 5, 15], even - 1)).all()


def test_edges_get_more_points_by_curvature() -> None:
    points, _, near = box()
    rows = curvature.choose_rows(points, 500, 0)
    assert near[rows].mean() > 2 * near.mean()


def test_rows_are_drawn_with_probabilities_in_proportion_to_their_weights() -> None:
    weights = np.array([1.0, 2.0, 4.0, 8.0])
    first = [int(weighted_rows(weights, 1, seed)[0]) for seed in range(3000)]
    expected = 3000 * weights / weights.sum()
    assert (np.abs(np.bincount(first, minlength=4) - expected) < 4 * np.sqrt(expected)).all()
    assert sorted(weighted_rows(weights, 4, 0).tolist()) == [0, 1, 2, 3]


@pytest.mark.parametrize("misleading", [1.0, 1e-12, 1e12])
def test_drawing_m_rows_gives_the_first_m_of_a_draw_of_all(misleading: float) -> None:
    """A threshold is guessed from every 24th row; the result is right even if these rows mislead it."""
    weights = np.random.default_rng(1).random(100_000) + 0.01
    weights[::24] *= misleading
    late = -np.log(np.random.default_rng(7).random(len(weights))) / weights
    order = np.argsort(late, kind="stable")
    for m in 1, 1000, 60_000, 100_000:
        np.testing.assert_array_equal(weighted_rows(weights, m, 7), order[:m])


def test_two_threads_that_sample_at_once_get_the_samples_of_each_alone() -> None:
    """torch has one random generator: without a lock, two threads would draw each other's numbers."""
    cloud, others = some_cloud(), list[threading.Thread]()
    begun, drawn = threading.Event(), threading.Event()

    def generate(points: torch.Tensor, m: int) -> torch.Tensor:
        first = torch.rand(1, m, 3)
        if threading.current_thread() in others:
            begun.set()
            drawn.wait()
        elif others:
            others[0].start()
            begun.wait(0.5)  # the event is not set, because the other thread waits for the lock
        second = torch.rand(1, m, 3)
        drawn.set()
        return first + second

    sampler = GeneratingSampler("own", generate)
    alone = sampler.sample(cloud, 4, seed=1).points
    drawn.clear()
    others.append(threading.Thread(target=lambda: sampler.sample(cloud, 4, seed=2)))
    np.testing.assert_array_equal(sampler.sample(cloud, 4, seed=1).points, alone)
    others[0].join()

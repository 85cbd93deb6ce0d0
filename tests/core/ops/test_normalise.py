"""Normalisation of a cloud and its inverse."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from apsnet_core.ops.normalise import Normalisation, frame_of

KINDS: list[Normalisation] = ["unit_sphere", "half_sphere", "unit_cube", "none"]
CLOUDS = st_numpy.arrays(
    np.float32, st.tuples(st.integers(1, 30), st.just(3)), elements=st.floats(-1000, 1000, width=32)
)


@settings(max_examples=60, deadline=None)
@given(points=CLOUDS, kind=st.sampled_from(KINDS))
def test_restore_undoes_the_normalisation(points: np.ndarray, kind: Normalisation) -> None:
    frame = frame_of(points, kind)
    there = frame.apply(points)
    assert there.dtype == np.float32
    np.testing.assert_allclose(frame.restore(there), points, atol=1e-3)


@settings(max_examples=60, deadline=None)
@given(points=CLOUDS)
def test_each_normalisation_gives_its_documented_size_and_centre(points: np.ndarray) -> None:
    exact = points.astype(np.float64)
    if np.ptp(exact, axis=0).max() < 1e-3:
        return
    spheres: list[tuple[Normalisation, float]] = [("unit_sphere", 1.0), ("half_sphere", 0.5)]
    for kind, radius in spheres:
        there = frame_of(exact, kind).apply(exact)
        np.testing.assert_allclose(there.mean(axis=0), 0.0, atol=1e-9)
        assert np.linalg.norm(there, axis=1).max() == pytest.approx(radius)
    cube = frame_of(exact, "unit_cube").apply(exact)
    assert np.ptp(cube, axis=0).max() == pytest.approx(1.0)
    np.testing.assert_allclose(cube.mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_array_equal(frame_of(exact, "none").apply(exact), exact)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cloud_without_extent_keeps_its_scale(kind: Normalisation) -> None:
    frame = frame_of(np.full((3, 3), 7.0), kind)
    assert frame.scale == 1.0
    np.testing.assert_array_equal(frame.restore(frame.apply(np.full((3, 3), 7.0))), 7.0)


def test_unknown_normalisations_and_empty_clouds_are_refused() -> None:
    with pytest.raises(ValueError, match="only unit_sphere"):
        frame_of(np.eye(3), "sphere")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without points"):
        frame_of(np.zeros((0, 3)), "none")


@pytest.mark.parametrize("kind", KINDS)
def test_a_scan_takes_no_second_copy_in_double_precision(kind: Normalisation) -> None:
    points = np.random.default_rng(0).uniform(-500, 900, (1_000_003, 3)).astype(np.float32)
    tracemalloc.start()
    frame = frame_of(points, kind)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * points.nbytes
    if kind == "none":
        return
    exact = points.astype(np.float64)
    centre = exact.mean(axis=0)
    radius = np.sqrt(((exact - centre) ** 2).sum(axis=1).max())
    sizes = {"unit_sphere": radius, "half_sphere": 2 * radius, "unit_cube": np.ptp(exact, axis=0).max()}
    np.testing.assert_allclose(frame.centre, centre, rtol=1e-11)
    assert frame.scale == pytest.approx(sizes[kind], rel=1e-12)

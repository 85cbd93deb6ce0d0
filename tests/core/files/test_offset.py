"""Coordinates far from the origin keep their precision; those near it stay the file's own float32."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apsnet_core.placing import choose_offset, place


@given(
    centre=st.floats(-1e7, 1e7),
    size=st.floats(1e-3, 1e6),
    seed=st.integers(0, 2**32 - 1),
)
def test_float64_coordinates_are_exact_to_20_bits_of_the_box(centre: float, size: float, seed: int) -> None:
    xyz = centre + size * (np.random.default_rng(seed).random((20, 3)) - 0.5)
    relative, offset, keep = place(xyz)
    assert keep is None
    # The error is relative to the size of the box, and at least 1e-9 for a tiny box.
    assert (
        np.abs(relative.astype(np.float64) + offset - xyz).max() <= max(size, np.ptp(xyz)) * 2.0**-20 + 1e-9
    )


@given(size=st.floats(1e-6, 4000), seed=st.integers(0, 2**32 - 1))
def test_coordinates_around_the_origin_are_not_changed(size: float, seed: int) -> None:
    xyz = (np.random.default_rng(seed).normal(size=(20, 3)) * size / 4).clip(-size, size).astype(np.float32)
    relative, offset, _ = place(xyz)
    assert not offset.any() and np.array_equal(relative, xyz)


@given(far=st.floats(-1e7, 1e7), seed=st.integers(0, 2**32 - 1))
def test_float32_coordinates_are_recovered_exactly(far: float, seed: int) -> None:
    xyz = (far + np.random.default_rng(seed).normal(size=(20, 3)) * 10).astype(np.float32)
    relative, offset, _ = place(xyz)
    assert np.array_equal((relative.astype(np.float64) + offset).astype(np.float32), xyz)


def test_float32_with_small_and_large_coordinates_stays_exact() -> None:
    xyz = np.array([[1.2345678e-3, 0, 1], [9000.123, 5000.5, 1e-7]], dtype=np.float32)
    relative, offset, _ = place(xyz)
    assert np.array_equal(relative.astype(np.float64) + offset, xyz.astype(np.float64))


def test_the_offset_of_a_scan_is_a_whole_number_near_its_centre() -> None:
    offset = choose_offset(np.array([636548.56, 850201.34, 411.01]), np.array([638032.96, 852218.46, 598.15]))
    assert np.abs(offset - [637000, 851000, 500]).max() < 1024
    assert np.array_equal(offset, np.round(offset))


@pytest.mark.parametrize("point", [[0.0, 0, 0], [637000.123, 851000.456, 12.5]])
def test_a_single_point_is_placed_exactly(point: list[float]) -> None:
    relative, offset, _ = place(np.array([point]))
    assert np.abs(relative + offset - point).max() < 1e-7

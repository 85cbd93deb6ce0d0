"""Coordinates far from the origin keep their digits; those near it stay the file's own float32."""

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
def test_float64_keeps_22_bits_of_the_box(centre: float, size: float, seed: int) -> None:
    xyz = centre + size * (np.random.default_rng(seed).random((20, 3)) - 0.5)
    relative, offset, keep = place(xyz)
    assert keep is None
    # Relative to the whole box, or to a millimetre's last digits where the box lies at the origin.
    assert (
        np.abs(relative.astype(np.float64) + offset - xyz).max() <= max(size, np.ptp(xyz)) * 2.0**-20 + 1e-9
    )


@given(size=st.floats(1e-6, 4000), seed=st.integers(0, 2**32 - 1))
def test_shapes_around_the_origin_stay_as_they_are(size: float, seed: int) -> None:
    xyz = (np.random.default_rng(seed).normal(size=(20, 3)) * size / 4).clip(-size, size).astype(np.float32)
    relative, offset, _ = place(xyz)
    assert not offset.any() and np.array_equal(relative, xyz)


@given(far=st.floats(-1e7, 1e7), seed=st.integers(0, 2**32 - 1))
def test_float32_is_never_made_worse(far: float, seed: int) -> None:
    xyz = (far + np.random.default_rng(seed).normal(size=(20, 3)) * 10).astype(np.float32)
    relative, offset, _ = place(xyz)
    assert np.array_equal((relative.astype(np.float64) + offset).astype(np.float32), xyz)


def test_float32_with_small_and_large_coordinates_stays_exact() -> None:
    xyz = np.array([[1.2345678e-3, 0, 1], [9000.123, 5000.5, 1e-7]], dtype=np.float32)
    relative, offset, _ = place(xyz)
    assert np.array_equal(relative.astype(np.float64) + offset, xyz.astype(np.float64))


def test_a_scan_of_a_county() -> None:
    offset = choose_offset(np.array([636548.56, 850201.34, 411.01]), np.array([638032.96, 852218.46, 598.15]))
    assert np.abs(offset - [637000, 851000, 500]).max() < 1024
    assert np.array_equal(offset, np.round(offset))


@pytest.mark.parametrize("point", [[0.0, 0, 0], [637000.123, 851000.456, 12.5]])
def test_one_point(point: list[float]) -> None:
    relative, offset, _ = place(np.array([point]))
    assert np.abs(relative + offset - point).max() < 1e-7

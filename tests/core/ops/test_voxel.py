"""Voxel sampling against a plain reference that keeps the voxels in a dictionary."""

from __future__ import annotations

import tracemalloc
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from apsnet_core.cloud import Float32
from apsnet_core.ops import voxel
from apsnet_core.ops.voxel import voxel_sample, voxel_sample_exactly
from tests.core.ops.clouds import LATTICE, SPREAD
from tests.naive.voxel import voxels

quick = settings(max_examples=80, deadline=None)


@st.composite
def clouds(draw: st.DrawFn) -> Float32:
    shape = (draw(st.integers(1, 60)), 3)
    elements = draw(st.sampled_from([LATTICE, SPREAD]))
    return draw(st_numpy.arrays(np.float64, shape, elements=elements)).astype(np.float32)


@pytest.mark.parametrize(
    ("few", "table"), [(1 << 18, 1 << 24), (0, 1 << 24), (0, 0)], ids=["few", "table", "sorted"]
)
@pytest.mark.parametrize("block", [7, 1 << 16])
@quick
@given(points=clouds(), size=st.sampled_from([0.01, 0.5, 1.0, 3.7, 50.0, 1000.0]))
def test_each_voxel_gives_its_point_nearest_to_the_mean(
    block: int, few: int, table: int, points: Float32, size: float
) -> None:
    with patch.multiple(voxel, _FEW=few, _TABLE=table, _BLOCK=block):
        rows = voxel_sample(points, size)
    assert rows.dtype == np.int64
    assert (np.diff(rows) > 0).all()
    inside = voxels(points, size)
    assert len(rows) == len(inside)
    taken = set(rows.tolist())
    exact = points.astype(np.float64)
    for members in inside:
        (row,) = taken.intersection(members)
        away = np.linalg.norm(exact[members] - exact[members].mean(axis=0), axis=1)
        mine = np.linalg.norm(exact[row] - exact[members].mean(axis=0))
        assert mine <= away.min() + 1e-6 * np.ptp(exact, axis=0).max()
        if (exact[members] == exact[members[0]]).all():
            assert row == min(members)


def test_voxels_beyond_the_range_of_64_bit_indices_are_handled() -> None:
    points = np.random.default_rng(0).random((500, 3)).astype(np.float32)
    assert len(voxel_sample(points, 2.0**-30)) == 500


@quick
@given(points=clouds(), share=st.floats(0.01, 1.0))
def test_exactly_m_distinct_rows(points: Float32, share: float) -> None:
    m = max(1, int(share * len(points)))
    rows = voxel_sample_exactly(points, m)
    assert len(np.unique(rows)) == m
    assert rows.min() >= 0
    assert rows.max() < len(points)
    assert len(np.unique(points[rows], axis=0)) >= min(m, len(np.unique(points, axis=0)))
    np.testing.assert_array_equal(rows, voxel_sample_exactly(points, m))


def test_exactly_m_rows_are_spread_over_the_cloud() -> None:
    points = np.random.default_rng(0).random((20_000, 3)).astype(np.float32)
    rows = voxel_sample_exactly(points, 64)
    # 64 evenly spaced points of a unit cube are 1/4 apart; of 64 random ones the closest two are ~0.03 apart.
    between = np.linalg.norm(points[rows][:, None] - points[rows][None], axis=-1)
    assert np.sort(between[~np.eye(64, dtype=bool)])[0] > 0.12


@pytest.mark.parametrize("m", [0, 6])
def test_a_number_that_cannot_be_had_is_refused(m: int) -> None:
    with pytest.raises(ValueError, match=f"cannot take {m} of 5 points"):
        voxel_sample_exactly(np.zeros((5, 3), np.float32), m)


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan"), float("inf"), 1e-12])
def test_a_size_that_makes_no_grid_is_refused(size: float) -> None:
    with pytest.raises(ValueError, match="voxel"):
        voxel_sample(np.eye(3, dtype=np.float32), size)


def test_no_points_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        voxel_sample(np.zeros((0, 3), np.float32), 1.0)


def test_voxel_sampling_of_a_scan_needs_little_memory() -> None:
    points = np.random.default_rng(0).normal(size=(300_000, 3)).astype(np.float32)
    with patch.multiple(voxel, _FEW=0, _TABLE=1):
        table_less = voxel_sample_exactly(points, 64)
    tracemalloc.start()
    rows = voxel_sample_exactly(points, 64)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(rows, table_less)
    assert peak < 6 * points.nbytes
    with patch.multiple(voxel, _BLOCK=10_000, _KEPT=0):
        tracemalloc.start()
        blockwise = voxel_sample_exactly(points, 64)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    np.testing.assert_array_equal(blockwise, rows)
    assert peak < points.nbytes


@quick
@given(points=st_numpy.arrays(np.float32, (60, 3), elements=st.integers(0, 40)), share=st.floats(0.01, 1.0))
def test_sampling_in_blocks_gives_the_rows_of_the_whole_cloud(points: Float32, share: float) -> None:
    m = max(1, int(share * len(points)))
    whole = voxel_sample_exactly(points, m)
    for few, table in ((1 << 18, 1 << 24), (0, 1 << 24), (0, 0)):
        with patch.multiple(voxel, _BLOCK=7, _KEPT=0, _FEW=few, _TABLE=table):
            np.testing.assert_array_equal(voxel_sample_exactly(points, m), whole)

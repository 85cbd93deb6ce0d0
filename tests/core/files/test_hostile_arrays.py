"""Array files that were made to do harm are refused quickly and in one sentence."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core import files
from tests.core.files.opened import cloud_of


def test_deeply_nested_groups_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["g/" * 200 + "points"] = np.ones((10, 3))
    with pytest.raises(files.ReadError, match="more than 32 deep"):
        files.read(tmp_path / "a.h5")


def test_points_beside_deeply_nested_groups_are_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["g/" * 100 + "other"] = np.ones((10, 3))
        file["a/b/points"] = np.eye(3)
    assert len(cloud_of(tmp_path / "a.h5")) == 3


def test_one_very_long_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1 2 3 " * 1_000_000)
    with pytest.raises(files.ReadError, match="no lines of numbers"):
        files.read(tmp_path / "a.txt")

"""A file gets time and memory by its size, in whatever process it is read."""

from __future__ import annotations

import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.files import limits

MIB = 1 << 20


def _sized(path: Path, size: int) -> Path:
    with path.open("wb") as stream:
        stream.truncate(size)
    return path


def test_limits_grow_with_the_file(tmp_path: Path) -> None:
    small, large = _sized(tmp_path / "small", 10), _sized(tmp_path / "large", 1000 * MIB)
    assert 20 <= limits.seconds(small) <= 60
    assert limits.seconds(large) > limits.seconds(small) + 500
    assert MIB << 9 <= limits.memory(small) <= MIB << 11
    assert limits.memory(large) - limits.memory(small) > 30_000 * MIB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux knows such a limit")
def test_memory_beyond_the_limit_is_refused_and_the_limit_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory", lambda path: 256 * MIB)
    with limits.memory_for(tmp_path):
        assert np.zeros(64 * MIB, np.uint8).nbytes
        with pytest.raises(MemoryError):
            np.zeros(512 * MIB, np.uint8)
    assert np.zeros(512 * MIB, np.uint8).nbytes == 512 * MIB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux knows such a limit")
def test_a_small_file_of_three_gigabytes_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "bomb.h5", "w") as file:
        shape, chunks = (250_000_000, 3), (1_000_000, 3)
        file.create_dataset("points", shape, "f4", chunks=chunks, compression="gzip", fillvalue=1)[:1] = 2
    with pytest.raises(files.ReadError, match="more memory than a file of its size should"):
        files.read(tmp_path / "bomb.h5")
    files.write(PointCloud(np.eye(3, dtype=np.float32)), tmp_path / "a.h5")
    cloud = files.read(tmp_path / "a.h5")
    assert isinstance(cloud, PointCloud) and len(cloud) == 3
